import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalEntry, Rollout } from "../src/contract/rollout.ts";
import { startEmbedded } from "../src/store/embedded.ts";
import { type Fleet, openFleet } from "../test/labs/fleet.ts";
import { type HostsLab, openHosts } from "../test/labs/hosts.ts";

const LONGEST_MS = 300_000;

/** Rollouts on hosts: an application, and images of it that behave as their environment says. */
export interface Bed {
  fleet: Fleet;
  /** Names in the registry, by version. */
  images: Record<string, string>;
}

export interface BedOptions {
  hosts: number;
  /** Where the controller keeps its records: a server of its own, or one that `DATABASE_URL` names (default). */
  store?: "embedded" | "shared";
  /** Versions of the application with their faults; `one` and `two` where nothing is said. */
  versions?: Record<string, Record<string, string>>;
}

/** Makes hosts and a database, has the work done there and takes all of it away. */
export async function onHosts<T>(
  { hosts, store, versions = { one: {}, two: {} } }: BedOptions,
  work: (bed: Bed) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "database-"));
  // The server of a root user runs as another account.
  chmodSync(dir, 0o711);
  const server = await startEmbedded({ dir });
  process.env.TEST_STORE_URL = server.url();
  try {
    const machines = await openHosts({ count: hosts, registry: true });
    try {
      return await onMachines(machines, { store, versions }, work);
    } finally {
      await machines.close();
    }
  } finally {
    delete process.env.TEST_STORE_URL;
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function onMachines<T>(
  machines: HostsLab,
  { store, versions }: Required<Pick<BedOptions, "versions">> & Pick<BedOptions, "store">,
  work: (bed: Bed) => Promise<T>,
): Promise<T> {
  const fleet = await openFleet({ hosts: machines.hosts.length, machines, ...(store ? { store } : {}) });
  try {
    const images: Record<string, string> = {};
    for (const [version, env] of Object.entries(versions)) images[version] = await fleet.image(version, env);
    return await work({ fleet, images });
  } finally {
    await fleet.close();
  }
}

export interface Shipped {
  rollout: Rollout;
  /** From the command to its end; `stationmaster deploy` is a process of its own. */
  commandMs: number;
}

/** Deploys what the manifest says; a rollout that did not succeed is an error. */
export async function ship({ fleet }: Bed, env: Record<string, string> = {}): Promise<Shipped> {
  const start = performance.now();
  const argv = ["deploy", "production", "--yes", "--json"];
  const { code, stdout, stderr } = await fleet.run(argv, { env, deadlineMs: LONGEST_MS });
  const commandMs = performance.now() - start;
  const rollout: Rollout | undefined = stdout === "" ? undefined : JSON.parse(stdout);
  if (code !== 0 || !rollout)
    throw new Error(`deploy ended with ${code}, ${rollout?.state}: ${rollout?.reason ?? stderr.trim()}`);
  return { rollout, commandMs };
}

/** Milliseconds from the beginning of a rollout to its end. */
export function lengthOf({ startedAt, endedAt }: Rollout): number {
  return Date.parse(endedAt ?? startedAt) - Date.parse(startedAt);
}

/** Milliseconds that effects took whose keys begin so; those that ran side by side count once. */
export function spent(journal: readonly JournalEntry[], ...begins: string[]): number {
  const entries = journal.filter(({ key }) => begins.some((begin) => key.startsWith(begin)));
  let [open, since, total] = [0, 0, 0];
  for (const { phase, at } of entries) {
    const now = Date.parse(at);
    if (phase === "intent" && open === 0) since = now;
    open += phase === "intent" ? 1 : -1;
    if (open === 0) total += now - since;
  }
  return total;
}

/** What is not one whole release on all hosts with nothing beside it; empty when all is well. */
export async function wrongWith({ fleet }: Bed, { release, replicas = 1 }: { release: string; replicas?: number }) {
  const hosts = fleet.machines.hosts.map(({ name }) => name);
  const wanted = hosts.flatMap((host) => Array.from({ length: replicas }, () => `${host} app ${release} running`));
  const [answers, containers] = [await fleet.releases(), await fleet.containers()];
  return [
    answers.some((answer) => answer !== release) && `${release} is to serve, the hosts answer ${answers.join(", ")}`,
    String(containers) !== String(wanted) && `containers: ${containers.join(", ")}`,
  ].filter((text) => text !== false);
}
