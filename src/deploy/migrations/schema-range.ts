import { PolicyError } from "../../core/errors.ts";

/** Positions in the migration tool's order between which a release runs; `max` null: no end is known. */
export interface SchemaRange {
  min: number;
  max: number | null;
}

/** What is known of a release's schema without being declared. */
export interface ExpandedTo {
  /** Where the schema stood after its expand. */
  position: number;
  /** The newest migration it brought along, applied or not. */
  newest: number;
}

/**
 * What the manifest declared; otherwise from where the schema stood when the release was deployed up to the first contract migration
 * that came after it: all between are expand migrations, which suit it. Undefined where nothing is known.
 */
export function rangeOf({
  declared,
  expanded,
  contracts,
}: {
  declared: { min: number; max: number } | null | undefined;
  expanded: ExpandedTo | undefined;
  /** Positions of the contract migrations that are known. */
  contracts: readonly number[];
}): SchemaRange | undefined {
  if (declared) return { min: declared.min, max: declared.max };
  if (!expanded) return undefined;
  const later = contracts.filter((position) => position > expanded.newest);
  return { min: expanded.position, max: later.length > 0 ? Math.min(...later) - 1 : null };
}

/** Whether a release may run on a schema; one of which nothing is known may. */
export function fits(range: SchemaRange | undefined, position: number): boolean {
  return !range || (range.min <= position && (range.max === null || position <= range.max));
}

export interface RangedRelease {
  name: string;
  range: SchemaRange | undefined;
}

/** The release nearest to `wanted` that runs on the schema, the newer of two equally near ones. `releases` are the kept ones, newest first. */
export function nearestFit(releases: readonly RangedRelease[], wanted: string, position: number): string | undefined {
  const at = releases.findIndex(({ name }) => name === wanted);
  let best: { name: string; distance: number } | undefined;
  for (const [index, { name, range }] of releases.entries()) {
    const distance = Math.abs(index - at);
    if (index !== at && fits(range, position) && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** Refuses (`SM-ROLLBACK-SCHEMA`) to go back to a release that does not run on the schema as it is, and names the nearest one that does. */
export function requireFit(
  { env, service, wanted, position }: { env: string; service: string; wanted: string; position: number },
  releases: readonly RangedRelease[],
  running?: string,
): void {
  const range = releases.find(({ name }) => name === wanted)?.range;
  if (fits(range, position)) return;
  const nearest = nearestFit(
    releases.filter(({ name }) => name !== running || name === wanted),
    wanted,
    position,
  );
  throw new PolicyError({
    code: "SM-ROLLBACK-SCHEMA",
    message: `${service}: the schema is at position ${position}, and ${wanted} runs on ${describeRange(range)} only`,
    next: nearest
      ? `go back to ${nearest}, the nearest release that runs on it: stationmaster rollback ${env} --to ${nearest}`
      : "no kept release but the running one runs on it: mend it with a new release",
  });
}

/** For people: `3 to 5`, `3 and later`, `3`. */
export function describeRange(range: SchemaRange | undefined): string {
  if (!range) return "any";
  if (range.max === null) return `${range.min} and later`;
  return range.min === range.max ? String(range.min) : `${range.min} to ${range.max}`;
}
