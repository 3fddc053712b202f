import type { PreflightFact } from "../platform.ts";
import { type HostFacts, hostFacts } from "./docker/host-facts.ts";
import type { Place } from "./places.ts";

const LEAST_DISK_BYTES = 1_000_000_000;
const LEAST_MEMORY_BYTES = 200_000_000;
const MOST_SKEW_MS = 2_000;

/** What must hold of each host before a release is brought there; one row an item, naming the hosts that fall short. */
export async function hostRows(places: readonly Place[], signal: AbortSignal): Promise<PreflightFact[]> {
  const known = await Promise.all(
    places.map(async ({ name, docker, folder }) => ({ name, facts: await hostFacts(docker, folder, signal) })),
  );
  return judgeHosts(known);
}

/** The rows for what is known of the hosts. */
export function judgeHosts(hosts: readonly { name: string; facts: HostFacts }[]): PreflightFact[] {
  return ROWS.map(({ item, bad, say, next }) => {
    const short = hosts.filter(({ facts }) => bad(facts));
    const shown = short.length > 0 ? short : hosts;
    const evidence = shown.map(({ name, facts }) => `${name}: ${say(facts)}`).join("; ");
    return { item, ok: short.length === 0, evidence, ...(short.length > 0 ? { next } : {}) };
  });
}

interface Row {
  item: string;
  bad(facts: HostFacts): boolean;
  say(facts: HostFacts): string;
  next: string;
}

const ROWS: readonly Row[] = [
  {
    item: "disk",
    bad: ({ dockerFree, folderFree }) => Math.min(dockerFree, folderFree) < LEAST_DISK_BYTES,
    say: ({ dockerFree, folderFree }) => `${gigabytes(Math.min(dockerFree, folderFree))} free`,
    next: "free disk space there: docker system df shows what takes it",
  },
  {
    item: "memory",
    bad: ({ memoryAvailable }) => memoryAvailable < LEAST_MEMORY_BYTES,
    say: ({ memoryAvailable }) => `${gigabytes(memoryAvailable)} available`,
    next: "two copies run side by side for a while; free memory, or set strategy: recreate",
  },
  {
    item: "clock",
    bad: ({ clockSkewMs }) => Math.abs(clockSkewMs) > MOST_SKEW_MS,
    say: ({ clockSkewMs }) => `${(clockSkewMs / 1_000).toFixed(1)} s from here`,
    next: "set the clock there, for example with chrony or systemd-timesyncd",
  },
];

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
