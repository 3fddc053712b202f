import { z } from "zod";
import { ask, content, parsed } from "./request.ts";
import { newerReleases } from "./versions.ts";

interface Search {
  signal: AbortSignal;
  deadlineMs?: number;
  /** Addresses by host, where they are not their own. */
  registries: Readonly<Record<string, string>>;
  /** Where npm takes packages from. */
  npm(): Promise<string>;
  /** Milliseconds since the epoch; younger releases are not taken. */
  publishedBefore: number;
  major: boolean;
}

interface Release {
  version: string;
  published: string;
}

/** Where the versions of a tool are told, and how. */
interface Origin {
  url: string;
  releases(bytes: Buffer): Release[];
}

/** An index tells each version there ever was. */
const LARGEST_INDEX = 64 << 20;
const PYPI = "pypi.org";
const NpmIndex = z.object({
  time: z.record(z.string(), z.string()),
  versions: z.record(z.string(), z.object({ deprecated: z.unknown().optional() })),
});
const PypiIndex = z.object({
  releases: z.record(z.string(), z.array(z.object({ upload_time_iso_8601: z.string(), yanked: z.boolean() }))),
});

/** Whether the index that a tool comes from can be asked: what depends on more than a version is changed by hand. */
export function hasIndex(source: string): boolean {
  return /^(?:npm registry|Python Package Index)/.test(source);
}

/**
 * The newest version of a tool that is old enough and that nobody took back, as its source tells it (`npm registry`, with the name of the
 * package where it is another; `Python Package Index`); undefined where there is none newer. A name with a number (`pnpm-8`) stays in that line.
 */
export async function newestTool(
  name: string,
  { version, source }: { version: string; source: string },
  search: Search,
): Promise<string | undefined> {
  const origin = source.startsWith("npm")
    ? ofNpm(name, source, await search.npm())
    : ofPython(name, search.registries[PYPI] ?? `https://${PYPI}`);
  const limits = { signal: search.signal, ...(search.deadlineMs ? { deadlineMs: search.deadlineMs } : {}) };
  const answer = await ask(origin.url, {
    ...limits,
    headers: { accept: "application/json", "user-agent": "stationmaster" },
  });
  const releases = origin.releases(await content(answer, search.signal, search.deadlineMs, LARGEST_INDEX));
  const [best] = newerReleases(
    releases
      .filter(({ published }) => Date.parse(published) <= search.publishedBefore)
      .map((release) => ({ tag: `v${release.version}` })),
    { now: version, major: search.major && !/-\d+$/.test(name) },
  );
  return best?.tag.slice(1);
}

/** A name without the line that it stays in. */
function packageOf(name: string): string {
  return name.replace(/-\d+$/, "");
}

function ofPython(name: string, base: string): Origin {
  const url = `${base}/pypi/${packageOf(name)}/json`;
  return {
    url,
    releases: (bytes) =>
      Object.entries(parsed(url, bytes, PypiIndex).releases).flatMap(([version, files]) => {
        const [file] = files.filter(({ yanked }) => !yanked);
        return file ? [{ version, published: file.upload_time_iso_8601 }] : [];
      }),
  };
}

function ofNpm(name: string, source: string, base: string): Origin {
  const named = /^npm registry, (\S+)$/.exec(source)?.[1] ?? packageOf(name);
  const url = `${base}/${named.replace("/", "%2F")}`;
  return {
    url,
    releases: (bytes) => {
      const { time, versions } = parsed(url, bytes, NpmIndex);
      return Object.entries(versions).flatMap(([version, { deprecated }]) => {
        const published = time[version];
        return published === undefined || deprecated !== undefined ? [] : [{ version, published }];
      });
    },
  };
}
