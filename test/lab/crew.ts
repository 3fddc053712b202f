import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { openStore, type Store } from "../../src/store/connect.ts";
import { SHARDS, shardOf } from "../../src/watch/workers/shards.ts";
import type { Command } from "./command.ts";
import { ready } from "./daemon.ts";
import { openLab, service } from "./lab.ts";
import { openRelay, type Relay } from "./relay.ts";
import { until } from "./until.ts";

const SCHEMA = "crew";
const LONG_MS = 60 * 60_000;
const SHARE_MS = 90_000;
/** Long enough that two who ask the same at once meet. */
const ANSWER_MS = 150;

/** A worker, as the store and as the target know it. */
export interface CrewWorker {
  id: string;
  name: string;
  command: Command;
}

/** What became of the checks of a worker; in ms since its end began. */
export interface TakeOver {
  /** Until all its shards had another owner. */
  ownedMs: number;
  /** Until each of its checks was run by another. */
  ranMs: number;
  /** When it ran one itself for the last time; null: not once. */
  lastMs: number | null;
  /** Checks that it ran when another had begun to. */
  doubled: string[];
}

/** Workers that share checks, each run every second, of a target that notes who asks; there is no daemon. */
export interface Crew {
  relay: Relay;
  store: Store;
  /** Checks that were asked while they still answered. */
  overlaps: string[];
  start(options?: { byRelay: boolean }): Promise<CrewWorker>;
  /** Resolves when so many own everything, each within its share. */
  shared(count: number): Promise<void>;
  /** Ends a worker and waits until others run its checks; rejects after `ms`. */
  takeOver(worker: CrewWorker, end: () => void, ms: number): Promise<TakeOver>;
  /** How many runs of a worker its target has seen. */
  runsOf(worker: CrewWorker): number;
  close(): Promise<void>;
}

/** Opens it with so many checks and no worker yet. */
export async function openCrew(count: number): Promise<Crew> {
  const target = await openTarget();
  const names = Array.from({ length: count }, (_, index) => `c${index}`);
  const check = (name: string, index: number) => ({
    url: target.url(name, index),
    every: "1s",
    headers: { "x-worker": "${secret:WORKER}" },
  });
  const lab = await openLab({
    services: { app: service() },
    manifest: { checks: Object.fromEntries(names.map((name, index) => [name, check(name, index)])) },
    command: { env: { STATIONMASTER_SCHEMA: SCHEMA } },
  });
  const url = lab.env.DATABASE_URL ?? "";
  const store = await openStore({ url, schema: SCHEMA });
  const relay = await openRelay(url);
  const started: Command[] = [];

  async function owners(): Promise<Map<number, string>> {
    const { rows } = await store.pool.query<{ shard: number; owner: string }>(
      "SELECT shard, owner FROM shard WHERE shard < $1",
      [SHARDS],
    );
    return new Map(rows.map(({ shard, owner }) => [shard, owner]));
  }

  return {
    ...{ relay, store, overlaps: target.overlaps },
    start: async ({ byRelay } = { byRelay: false }) => {
      const name = `w${started.length + 1}`;
      const env = { WORKER: name, ...(byRelay ? { DATABASE_URL: relay.url } : {}) };
      const command = lab.start(["worker"], { deadlineMs: LONG_MS, env });
      started.push(command);
      const id = /ready: (\S+)/.exec((await ready(command)).said())?.[1] ?? "";
      return { id, name, command };
    },
    shared: async (wanted) => {
      await until(
        `${wanted} share the checks`,
        async () => {
          const shares = [...Map.groupBy((await owners()).values(), (owner) => owner).values()];
          const fair = Math.ceil(SHARDS / wanted);
          return shares.length === wanted && shares.every(({ length }) => length <= fair);
        },
        SHARE_MS,
      );
    },
    takeOver: async ({ id, name }, end, ms) => {
      const before = await owners();
      const its = names.filter((one) => before.get(shardOf(`local/check/${one}`)) === id);
      const from = performance.now();
      end();
      await until("its shards have other owners", async () => ![...(await owners()).values()].includes(id), ms);
      const ownedMs = performance.now() - from;
      const later = () => target.seen.filter(({ at }) => at > from);
      const byOthers = () =>
        new Map(
          later()
            .flatMap((run) => (run.by === name ? [] : [[run.check, run.at] as const]))
            .reverse(),
        );
      await until("its checks run elsewhere", () => its.every((one) => byOthers().has(one)), ms);
      const first = byOthers();
      const own = later().filter(({ by }) => by === name);
      return {
        ownedMs,
        ranMs: Math.max(...its.map((one) => first.get(one) ?? 0)) - from,
        lastMs: own.length === 0 ? null : Math.max(...own.map(({ at }) => at)) - from,
        doubled: own.flatMap((run) => (run.at > (first.get(run.check) ?? Number.POSITIVE_INFINITY) ? [run.check] : [])),
      };
    },
    runsOf: ({ name }) => target.seen.filter(({ by }) => by === name).length,
    close: async () => {
      relay.heal();
      for (const { child, done } of started) {
        child.kill("SIGTERM");
        await done;
      }
      relay.close();
      target.close();
      await store.close();
      await lab.close();
    },
  };
}

interface Run {
  check: string;
  by: string;
  at: number;
}

interface Target {
  /** Each at an address of its own: one of them is asked by few checks at a time. */
  url(check: string, index: number): string;
  seen: Run[];
  overlaps: string[];
  close(): void;
}

async function openTarget(): Promise<Target> {
  const seen: Run[] = [];
  const overlaps: string[] = [];
  const under = new Set<string>();
  const server = createServer(async ({ url = "", headers }, response) => {
    const check = url.slice(1);
    seen.push({ check, by: String(headers["x-worker"]), at: performance.now() });
    if (under.has(check)) overlaps.push(check);
    under.add(check);
    await delay(ANSWER_MS);
    under.delete(check);
    response.end("ok");
  }).listen(0, "0.0.0.0");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: (check, index) => `http://127.0.1.${1 + (index % 250)}:${port}/${check}`,
    ...{ seen, overlaps },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
