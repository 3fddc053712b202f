import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Check } from "../../src/contract/check.ts";
import type { Heartbeat } from "../../src/contract/heartbeat.ts";
import type { IncidentSummary } from "../../src/contract/incident.ts";
import { Workers } from "../../src/contract/worker.ts";
import type { Command } from "../lab/command.ts";
import { ready } from "../lab/daemon.ts";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

const CHECKS = 24;
const EVERY_MS = 1_000;
/** Long enough that two who ask the same at once meet. */
const ANSWER_MS = 150;
const LONG = 10 * 60_000;
/** So many that some are run by others than the daemon, whom they call. */
const JOBS = ["backup", "export", "import", "sweep", "digest", "rotate", "invoice", "archive"];

let lab: Lab;
let target: Target;
let daemon: Command;
const workers: Command[] = [];

interface Target {
  url: string;
  /** When each check was asked last, and who was asked while he was still answering. */
  askedAt: Map<string, number>;
  twice: string[];
  failing: Set<string>;
  /** Messages of the webhook, as they came. */
  pages: string[];
  server: Server;
}

async function startTarget(): Promise<Target> {
  const askedAt = new Map<string, number>();
  const under = new Set<string>();
  const twice: string[] = [];
  const failing = new Set<string>();
  const pages: string[] = [];
  const server = createServer(async (request, response) => {
    const name = request.url?.slice(1) ?? "";
    if (request.method === "POST") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      pages.push(Buffer.concat(chunks).toString());
      return response.end();
    }
    askedAt.set(name, performance.now());
    if (under.has(name)) twice.push(name);
    under.add(name);
    await delay(ANSWER_MS);
    under.delete(name);
    response.writeHead(failing.has(name) ? 500 : 200).end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, askedAt, twice, failing, pages, server };
}

const name = (index: number) => `c${index}`;

beforeAll(async () => {
  target = await startTarget();
  const checks = Object.fromEntries(
    Array.from({ length: CHECKS }, (_, index) => [
      name(index),
      { url: `${target.url}/${name(index)}`, every: "1s", critical: true },
    ]),
  );
  const jobs = Object.fromEntries(JOBS.map((job) => [job, { heartbeat: { period: "1h", grace: "1h" } }]));
  const notify = { hook: { kind: "webhook", url: `${target.url}/page` } };
  lab = await openLab({ services: { app: service() }, manifest: { checks: { ...checks, ...jobs }, notify } });
  daemon = await startDaemon();
  await startWorker();
  await startWorker();
});
afterAll(async () => {
  for (const { child, done } of workers) {
    child.kill("SIGTERM");
    await done;
  }
  await lab.close();
  target.server.closeAllConnections();
  target.server.close();
});

const startDaemon = () => ready(lab.start(["up", "--port", "0"], { deadlineMs: LONG }));

async function startWorker(): Promise<void> {
  workers.push(await ready(lab.start(["worker"], { deadlineMs: LONG })));
}

const listed = async (): Promise<Check[]> => JSON.parse((await lab.run(["checks", "--json"])).stdout).checks;
const isJob = (id: string) => JOBS.some((job) => id === `local/check/${job}`);

const readWorkers = async () => Workers.parse(JSON.parse((await lab.run(["checks", "--workers", "--json"])).stdout));

/** The live ones, once they share everything and one leads. */
async function settled(count: number) {
  return await until(
    `${count} share the checks`,
    async () => {
      const { workers: all, unowned } = await readWorkers();
      const live = all.filter((item) => item.live);
      const fair = Math.max(...live.map(({ shards }) => shards)) <= Math.ceil(64 / count);
      return live.length === count && unowned === 0 && fair && live.some(({ leads }) => leads) && live;
    },
    90_000,
  );
}

/** The longest time that a check has not been asked for. */
function longestSilence(): number {
  return (
    performance.now() - Math.min(...Array.from({ length: CHECKS }, (_, index) => target.askedAt.get(name(index)) ?? 0))
  );
}

const incidents = async (): Promise<IncidentSummary[]> =>
  JSON.parse((await lab.run(["incidents", "--all", "--json"])).stdout).incidents;

test("three processes share the checks, each one asked by one of them, and the daemon leads", async () => {
  const live = await settled(3);
  expect(live.find(({ leads }) => leads)?.role).toBe("daemon");
  await delay(3 * EVERY_MS);
  expect(longestSilence()).toBeLessThan(3 * EVERY_MS);
  const ours = (await listed()).filter(({ id }) => id.startsWith("local/check/c"));
  expect(ours).toHaveLength(CHECKS);
  expect(ours.filter(({ verdict }) => verdict !== "UP")).toEqual([]);
  await until("the last result of all of them", async () =>
    (await listed()).every(({ lastResult }) => lastResult !== null),
  );
  expect((await lab.run(["doctor"])).stdout).toMatch(/workers +ok +3 processes run 64 of 64 shards/);
  expect(target.twice).toEqual([]);
});

test("a job that calls the daemon is heard at once by whoever runs its check", async () => {
  const shown = await Promise.all(
    JOBS.map(async (job) => JSON.parse((await lab.run(["checks", job, "--json"])).stdout).heartbeat as Heartbeat),
  );
  const say = (what: string) => Promise.all(shown.map(({ url }) => fetch(`${url}/${what}`, { method: "POST" })));
  const verdicts = async () => (await listed()).flatMap(({ id, verdict }) => (isJob(id) ? [verdict] : []));
  const all = async (verdict: string) => (await verdicts()).every((other) => other === verdict);
  await say("fail");
  // Each is looked at once a minute by itself.
  await until("they are down", () => all("DOWN"), 20_000);
  await say("ok");
  await until("they are up", () => all("UP"), 20_000);
});

test("a worker is killed: its checks run elsewhere within 15 s, and none twice at the same time", async () => {
  const [victim] = workers.splice(0, 1);
  victim?.child.kill("SIGKILL");
  const killed = performance.now();
  const all = Array.from({ length: CHECKS }, (_, index) => name(index));
  await until("every check", () => all.every((item) => (target.askedAt.get(item) ?? 0) > killed), 15_000);
  await settled(2);
  await startWorker();
  await settled(3);
  // The target has seen the end of the connection of the killed one by then.
  expect(target.twice).toEqual([]);
});

test("the leader is killed during an incident: it goes on elsewhere, a new one opens, and nobody is paged twice", async () => {
  target.failing.add(name(1));
  const first = await until("an incident", async () => (await incidents()).find(hits(1)), 60_000);
  daemon.child.kill("SIGKILL");
  await daemon.done;
  target.failing.add(name(2));
  await until("a new incident", async () => (await incidents()).find(hits(2)), 60_000);
  target.failing.delete(name(1));
  const after = await until(
    "the end of the first",
    async () => (await incidents()).find((item) => hits(1)(item) && ["monitoring", "resolved"].includes(item.state)),
    60_000,
  );
  expect(after.id).toBe(first.id);
  const ids = (await incidents()).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect((await incidents()).filter(hits(1))).toHaveLength(1);
  const pages = target.pages.map(
    (text) => JSON.parse(text) as { kind: string; event: number; incident: { id: string } },
  );
  const told = pages.map(({ incident, event }) => `${incident.id} ${event}`);
  expect(new Set(told).size).toBe(told.length);
  const opened = pages.flatMap(({ kind, incident }) => (kind === "opened" ? [incident.id] : []));
  expect(opened, JSON.stringify(pages.map(({ kind }) => kind))).toContain(first.id);
  expect(new Set(opened).size).toBe(opened.length);

  daemon = await startDaemon();
  const live = await settled(3);
  expect(live.find(({ leads }) => leads)?.role).toBe("daemon");
  expect(target.twice).toEqual([]);
});

function hits(index: number) {
  return (item: IncidentSummary) => `${item.service} ${item.symptom} `.includes(`${name(index)} `);
}

test("without DATABASE_URL, or where no daemon has been, a worker says so", async () => {
  expect(await lab.run(["worker"], { env: { DATABASE_URL: undefined } })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error SM-WORKER-STORE: .*DATABASE_URL/),
  });
  expect(await lab.run(["worker"], { env: { STATIONMASTER_SCHEMA: "nobody_here" } })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error SM-WORKER-SCHEMA: .*doctor/),
  });
});
