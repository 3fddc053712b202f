import { coerce, compare, parse } from "semver";

/** A tag in parts: `24.21.0` and `-bookworm-slim` of `24.21.0-bookworm-slim`. */
interface TagParts {
  version: string;
  suffix: string;
  prefix: string;
}

/** Splits a tag into its version and what follows; undefined for tags that are words, such as `latest`. */
function tagParts(tag: string): TagParts | undefined {
  const found = /^(v?)(\d+(?:\.\d+)*)(.*)$/.exec(tag);
  return found ? { prefix: found[1] ?? "", version: found[2] ?? "", suffix: found[3] ?? "" } : undefined;
}

/** Full versions of a line with the same variant of the image, the newest first. */
export function candidates(tags: readonly string[], { now, line }: { now: string; line: string }): string[] {
  const own = tagParts(now);
  if (!own) return [];
  return tags
    .flatMap((tag) => {
      const parts = tagParts(tag);
      const same = parts && parts.suffix === own.suffix && parts.prefix === own.prefix && isFull(parts.version);
      // Never back to an older one.
      if (!same || order(parts.version, own.version) < 0) return [];
      return parts.version === line || parts.version.startsWith(`${line}.`) ? [{ tag, version: parts.version }] : [];
    })
    .sort((a, b) => order(b.version, a.version))
    .map(({ tag }) => tag);
}

/** Releases that may replace a version: stable, newer, and of the same major unless another was asked for; the newest first. */
export function newerReleases<T extends { tag: string }>(
  releases: readonly T[],
  { now, major }: { now: string; major: boolean },
): T[] {
  const current = coerce(now);
  return releases
    .filter(({ tag }) => {
      const version = /^v\d+\.\d+\.\d+$/.test(tag) ? parse(tag) : null;
      return (
        version !== null &&
        current !== null &&
        compare(version, current) > 0 &&
        (major || version.major === current.major)
      );
    })
    .sort((a, b) => compare(b.tag, a.tag));
}

function isFull(version: string): boolean {
  return version.split(".").length >= 2;
}

function order(a: string, b: string): number {
  const [x, y] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let at = 0; at < Math.max(x.length, y.length); at += 1) {
    const difference = (x[at] ?? -1) - (y[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
