import type { BaseIndex } from "./base-store.ts";

/**
 * What earlier runs wrote of kinds that the plan does not have, such as those of the platform before: kept, because somebody may have asked for
 * them by name, and told, because they grow old.
 */
export function leftBehind(
  { files }: BaseIndex,
  kinds: readonly string[],
  current: (path: string) => string | undefined,
): string[] {
  const old = Object.entries(files).filter(
    ([path, { kind, ownership }]) => ownership !== "seed" && !kinds.includes(kind) && current(path) !== undefined,
  );
  return [...Map.groupBy(old, ([, { kind }]) => kind)].sort().map(([kind, [first, ...others]]) => {
    const what = others.length === 0 ? `${first?.[0]} is` : `${first?.[0]} and ${others.length} more files are`;
    return `${what} of an earlier plan, and not kept up by this one: delete what is of no use, or write it anew with \`stationmaster generate ${kind}\``;
  });
}
