import type { PreflightFact, ReleaseRef } from "../platform.ts";
import { type HostFacts, hostFacts } from "./docker/host-facts.ts";
import { sizeBytes } from "./file/values.ts";
import type { Place } from "./places.ts";
import { type Listen, recordedOf } from "./recorded.ts";

const LEAST_DISK_BYTES = 1_000_000_000;
const LEAST_MEMORY_BYTES = 200_000_000;
const MOST_SKEW_MS = 2_000;

/** What the services that are brought to each host need there besides what runs already. */
export interface Needs {
  /** Bytes their containers may take at most; the old ones keep theirs meanwhile. */
  memory: number;
  /** Where users will call them. */
  listen: readonly Listen[];
}

/** A host as it is, and the ports there that its proxy has for routes of ours. */
export interface KnownHost {
  name: string;
  facts: HostFacts;
  ours: ReadonlySet<number>;
}

/** What must hold of each host before a release is brought there; one row an item, naming the hosts that fall short. */
export async function hostRows(
  places: readonly Place[],
  { release, services, signal }: { release: ReleaseRef; services: readonly string[]; signal: AbortSignal },
): Promise<PreflightFact[]> {
  const known = await Promise.all(
    places.map(async (place): Promise<KnownHost> => {
      const { name, docker, folder } = place;
      const routes = Object.values(await place.storedRoutes(signal));
      const ports = routes.flatMap(({ listen }) => listen.map(({ port }) => port));
      return { name, facts: await hostFacts(docker, folder, signal), ours: new Set(ports) };
    }),
  );
  return judgeHosts(known, needsOf(release, services));
}

function needsOf(release: ReleaseRef, services: readonly string[]): Needs {
  const found = services.flatMap((name) => release.services[name] ?? []);
  return {
    memory: found.reduce(
      (sum, service) => sum + service.replicas * sizeBytes(recordedOf(service).spec.settings.mem_limit ?? 0),
      0,
    ),
    listen: found.flatMap((service) => recordedOf(service).listen),
  };
}

/** The rows for what is known of the hosts. */
export function judgeHosts(hosts: readonly KnownHost[], needs: Needs): PreflightFact[] {
  return ROWS.map(({ item, bad, say, next }) => {
    const short = hosts.filter((host) => bad(host, needs));
    const shown = short.length > 0 ? short : hosts;
    const evidence = shown.map((host) => `${host.name}: ${say(host, needs)}`).join("; ");
    return { item, ok: short.length === 0, evidence, ...(short.length > 0 ? { next } : {}) };
  });
}

interface Row {
  item: string;
  bad(host: KnownHost, needs: Needs): boolean;
  say(host: KnownHost, needs: Needs): string;
  next: string;
}

const ROWS: readonly Row[] = [
  {
    item: "disk",
    bad: ({ facts }) => Math.min(facts.dockerFree, facts.folderFree) < LEAST_DISK_BYTES,
    say: ({ facts }) => `${gigabytes(Math.min(facts.dockerFree, facts.folderFree))} free`,
    next: "free disk space there: docker system df shows what takes it",
  },
  {
    item: "memory",
    bad: ({ facts }, { memory }) => facts.memoryAvailable < Math.max(LEAST_MEMORY_BYTES, memory),
    say: ({ facts }, { memory }) =>
      `${gigabytes(facts.memoryAvailable)} available${memory > 0 ? `, ${gigabytes(memory)} for a second copy` : ""}`,
    next: "two copies run side by side for a while; free memory, or set strategy: recreate",
  },
  {
    item: "clock",
    bad: ({ facts }) => Math.abs(facts.clockSkewMs) > MOST_SKEW_MS,
    say: ({ facts }) => `${(facts.clockSkewMs / 1_000).toFixed(1)} s from here`,
    next: "set the clock there, for example with chrony or systemd-timesyncd",
  },
  {
    item: "ports",
    bad: (host, needs) => takenPorts(host, needs).length > 0,
    say: (host, needs) => {
      const taken = takenPorts(host, needs);
      return taken.length > 0 ? `${taken.join(", ")} taken by another program` : "free, or ours";
    },
    next: "end that program (ss -ltnp names it), or choose other ports in `routes`",
  },
];

function takenPorts({ facts, ours }: KnownHost, { listen }: Needs): number[] {
  const wanted = [...new Set(listen.map(({ port }) => port))];
  return wanted.filter((port) => facts.ports.has(port) && !ours.has(port));
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
