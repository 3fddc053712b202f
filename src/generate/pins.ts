import { readFileSync } from "node:fs";
import { coerce, intersects, minVersion, SemVer, validRange } from "semver";
import { z } from "zod";

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const Name = z.string().regex(/^[\w.-]+$/);

/** Artefacts and their exact versions. A digest or commit is known from its origin or absent, never guessed. */
export const PinsSchema = z.object({
  /** Day on which the table was made, as YYYY-MM-DD. */
  date: z.iso.date(),
  /** By name: `node`, `python`; each major or line with its exact tag. */
  images: z.record(
    Name,
    z.record(Name, z.object({ tag: z.string().regex(/^[\w./:-]+$/), digest: Digest.optional(), source: z.string() })),
  ),
  /** The line of an image that is taken where the application says none. */
  defaults: z.record(z.string(), z.string()),
  /** By `owner/name`. */
  actions: z.record(
    z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    z.object({
      version: z.string().regex(/^v\d+(\.\d+){0,2}$/),
      commit: z.string().regex(/^[0-9a-f]{40}$/),
      /** Where version and commit were seen together: `owner/name/path@commit` of workflows that are independent of each other, or the origin. */
      seen: z.array(z.string()),
    }),
  ),
  /** Programs that are installed in pipelines, by name. */
  tools: z.record(Name, z.object({ version: z.string().regex(/^[\w.+-]+$/), source: z.string() })),
});
export type Pins = z.infer<typeof PinsSchema>;

/** The table that comes with this version, with what `update-pins` found for the project: the newer goes before the older. */
export function loadPins(project?: unknown): Pins {
  const bundled = PinsSchema.parse(JSON.parse(readFileSync(new URL("./tables/pins.json", import.meta.url), "utf8")));
  const own = PinsSchema.safeParse(project);
  if (!own.success) return bundled;
  // A newer version of this program may know more than what the project once found.
  const [older, newer] = own.data.date < bundled.date ? [own.data, bundled] : [bundled, own.data];
  const names = Object.keys({ ...older.images, ...newer.images });
  return {
    date: newer.date,
    images: Object.fromEntries(names.map((name) => [name, { ...older.images[name], ...newer.images[name] }])),
    defaults: { ...older.defaults, ...newer.defaults },
    actions: { ...older.actions, ...newer.actions },
    tools: { ...older.tools, ...newer.tools },
  };
}

/** An image of a name and line (`node`, `22`) as files write it, with its digest where it is known; undefined where the table has none. */
export function imageOf({ images }: Pins, name: string, line: string): string | undefined {
  const found = images[name]?.[line];
  if (!found) return undefined;
  return found.digest ? `${found.tag}@${found.digest}` : found.tag;
}

/**
 * The line of an image (`22`, `3.12`) for the version an application asks for as it is written: an exact version, a range, a word such
 * as `lts/*`, or null. The usual line is taken where it fits, else the newest that does; what none fits gets the nearest newer one, and
 * `exact` is false.
 */
export function lineOf(
  { images, defaults }: Pins,
  name: string,
  wanted: string | null,
): { line: string; exact: boolean } | undefined {
  const lines = Object.keys(images[name] ?? {}).sort((a, b) => compare(a, b));
  const standard = defaults[name] ?? lines.at(-1);
  if (standard === undefined) return undefined;
  if (wanted === null || NEWEST.test(wanted.trim())) return { line: standard, exact: true };
  const { range, sure } = rangeOf(wanted);
  if (range === undefined) return { line: standard, exact: false };
  const fits = (line: string) => intersects(range, tilde(line));
  // Where the usual line will do, all services are on it.
  const fitting = fits(standard) ? standard : lines.filter(fits).at(-1);
  if (fitting !== undefined) return { line: fitting, exact: sure };
  const least = minVersion(range)?.version ?? "0.0.0";
  return { line: lines.find((line) => compare(line, least) > 0) ?? lines.at(-1) ?? standard, exact: false };
}

/** Words for whatever is usual now. */
const NEWEST = /^(?:latest|stable|current|lts(?:\/\*)?|node|\*|x)$/i;
/** Names of the long-term lines of Node. */
const CODE_NAMES: Record<string, string> = { hydrogen: "18", iron: "20", jod: "22", krypton: "24" };

/** A version as npm, Python, Ruby, Go, .NET or the version managers write it, as one range; `sure` where all of it was understood. */
function rangeOf(wanted: string): { range: string | undefined; sure: boolean } {
  const named = CODE_NAMES[/^lts\/(\w+)$/i.exec(wanted.trim())?.[1]?.toLowerCase() ?? ""];
  if (named) return { range: named, sure: true };
  const plain = wanted
    .trim()
    .replace(/^v(?=\d)/, "")
    // A build of some vendor: `21.0.2-tem`.
    .replace(/^(\d+(?:\.\d+)*)[-+][\w.+-]+$/, "$1")
    .replace(/,/g, " ")
    .replace(/!=\s*[\w.*]+/g, "")
    .replace(/={2,3}/g, "=")
    // Python and Ruby: up to the next number in front of the last one named.
    .replace(/~[=>]\s*(\d+\.\d+\.\d+)/g, "~$1")
    .replace(/~[=>]\s*(\d+(?:\.\d+)?)/g, "^$1");
  const range = validRange(plain);
  if (range) return { range, sure: true };
  const number = /\d+(?:\.\d+)*/.exec(wanted)?.[0];
  return { range: (number && validRange(number)) || undefined, sure: /^(?:net|temurin-?|openjdk-?|go)\d/.test(wanted) };
}

function tilde(line: string): string {
  return line.includes(".") ? `~${line}.0` : `^${line}.0.0`;
}

function compare(a: string, b: string): number {
  return (coerce(a) ?? new SemVer("0.0.0")).compare(coerce(b) ?? "0.0.0");
}

/** Days since a table was made, and a warning where that is long ago: releases since then mend faults that are known. */
export function pinsAge({ date }: Pins, today: Date): { days: number; warning: string | null } {
  const days = Math.max(0, Math.floor((today.getTime() - Date.parse(`${date}T00:00:00Z`)) / 86_400_000));
  const warning =
    days > OLD_DAYS ? `the versions of images and actions are ${days} days old: run stationmaster update-pins` : null;
  return { days, warning };
}
const OLD_DAYS = 90;
