import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Check, CheckSeries } from "../contract/check.ts";
import { systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import type { RunReport } from "./probes/run.ts";
import type { CheckSpec, ProcessLookup, VerdictEvent } from "./types.ts";
import { createWatch, type Watch } from "./watch.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const watches: Watch[] = [];
const servers: Server[] = [];
const releases: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(releases.splice(0).map((release) => release()));
  await Promise.all(watches.splice(0).map((watch) => watch.stop()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    if (server.listening) await once(server, "close");
  }
});

interface Target {
  port: number;
  /** Status 0 leaves a request without an answer. */
  answer: { status: number; hanging: number };
  down(): Promise<void>;
  up(): Promise<void>;
}

async function target(): Promise<Target> {
  const answer = { status: 200, hanging: 0 };
  const server = createServer((_, response) => {
    if (answer.status === 0) answer.hanging++;
    else response.writeHead(answer.status).end("ok");
  });
  servers.push(server);
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    port,
    answer,
    up: async () => void (await listen(port)),
    down: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function spec(id: string, port: number, more: Partial<CheckSpec> = {}): CheckSpec {
  const url = `http://127.0.0.1:${port}/`;
  const options = { every: 200, timeout: 2_000, critical: true, url };
  return {
    id,
    environment: "local",
    service: "api",
    component: "service",
    type: "http",
    everyMs: 200,
    timeoutMs: 2_000,
    critical: true,
    recheck: 2,
    options,
    target: `GET ${url}`,
    ...more,
  };
}

interface Options {
  onVerdict?: (event: VerdictEvent) => Promise<void> | void;
  planned?: () => Promise<string | null>;
  processes?: ProcessLookup;
}

async function watching(
  specs: CheckSpec[],
  { onVerdict = () => {}, planned, processes = () => Promise.reject(new Error("unused")) }: Options = {},
) {
  const events: VerdictEvent[] = [];
  const results: RunReport[] = [];
  const problems: string[] = [];
  const watch = createWatch({
    store,
    environment: "local",
    clock: systemClock,
    redact: createRedactor(),
    processes,
    planned,
    onVerdict: async (event) => {
      await onVerdict(event);
      events.push(event);
    },
    onResult: (_, report) => results.push(report),
    onProblem: (what) => problems.push(what),
  });
  watches.push(watch);
  await watch.setChecks(specs);
  watch.start();
  const path = () => events.map(({ to }) => to);
  return { watch, events, results, problems, path };
}

async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 40_000): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); await delay(20))
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
}

const rows = async (text: string, values: unknown[] = []) => (await store.pool.query(text, values)).rows;

test("up, down and up again, told in order and written at once", async () => {
  const api = await target();
  const { watch, events, path } = await watching([spec("e2e", api.port)]);
  await until("UP", () => path().includes("UP"));
  await api.down();
  await until("DOWN", () => path().includes("DOWN"));
  const written = await rows("select to_verdict from verdict_event where check_id = 'e2e' order by seq");
  expect(written.map((row) => row.to_verdict)).toEqual(path());
  await api.up();
  await until("UP again", () => path().at(-1) === "UP");
  const down = events.find(({ to }) => to === "DOWN");
  expect(down).toMatchObject({
    environment: "local",
    service: "api",
    component: "service",
    critical: true,
    class: "refused",
    family: "availability",
  });
  expect((down?.at ?? 0) - (down?.onset ?? 0)).toBeGreaterThan(300);
  for (const [index, { from }] of events.entries()) expect(from).toBe(index === 0 ? "UNKNOWN" : events[index - 1]?.to);
  const [listed] = await watch.list();
  expect(Check.parse(listed)).toMatchObject({ id: "e2e", verdict: "UP", lastResult: { outcome: "ok" } });
  expect(listed?.uptime24h).toBeGreaterThan(0);
  expect(listed?.uptime24h).toBeLessThan(1);
  expect(listed?.p95).toBeGreaterThan(0);
});

test("an event that is not taken comes again, and those behind it wait", async () => {
  const api = await target();
  let refusals = 2;
  const { path, problems } = await watching([spec("retry", api.port)], {
    onVerdict: () => {
      if (refusals-- > 0) throw new Error("not now");
    },
  });
  await until("DOWN", async () => {
    if (path().length > 0 && servers[0]?.listening) await api.down();
    return path().includes("DOWN");
  });
  expect(path().slice(0, 3)).toEqual(["UP", "SUSPECT", "DOWN"]);
  expect(problems).toContain("a verdict change was not taken and is sent again");
});

test("after a restart it goes on: the state, the history, and what was not delivered", async () => {
  const api = await target();
  const first = await watching([spec("restart", api.port)], {
    onVerdict: ({ to }) => (to === "DOWN" ? Promise.reject(new Error("busy")) : undefined),
  });
  await until("UP", () => first.path().includes("UP"));
  await api.down();
  await until("DOWN", async () => (await first.watch.list())[0]?.verdict === "DOWN");
  await until(
    "written",
    async () =>
      (await rows("select 1 from verdict_event where check_id = 'restart' and to_verdict = 'DOWN'")).length > 0,
  );
  await first.watch.stop();
  expect(first.path()).toEqual(["UP", "SUSPECT"]);

  const second = await watching([spec("restart", api.port)]);
  expect((await second.watch.list())[0]).toMatchObject({ verdict: "DOWN" });
  await until("delivered", () => second.path().length > 0);
  await api.up();
  await until("UP", () => second.path().includes("UP"));
  expect(second.path()).toEqual(["DOWN", "UP"]);
  await second.watch.stop();

  const all = [...first.results, ...second.results];
  const series = CheckSeries.parse(await second.watch.series("restart", 3_600_000));
  const total = (pick: "ok" | "fail" | "unknown") => series.points.reduce((sum, point) => sum + point[pick], 0);
  expect(total("ok")).toBe(all.filter(({ outcome }) => outcome === "ok").length);
  expect(total("ok") + total("fail") + total("unknown")).toBe(all.length);
  expect(series.stepMs).toBe(60_000);
});

test("a stalled store is not charged to the target; probes go on, nothing is lost", async () => {
  const api = await target();
  const { watch, path, results } = await watching([spec("stall", api.port)]);
  await until("UP", () => path().includes("UP"));
  await until(
    "noted",
    async () => (await rows("select delivered from check_state where check_id = 'stall' and delivered > 0")).length > 0,
  );
  const blocker = await store.pool.connect();
  releases.push(async () => {
    await blocker.query("rollback");
    blocker.release();
  });
  await blocker.query("begin; lock table check_state, verdict_event, bucket_minute in access exclusive mode");
  await api.down();
  await until("UNKNOWN", async () => (await watch.list())[0]?.verdict === "UNKNOWN");
  const during = results.length;
  await until("probes go on", () => results.length > during + 5);
  const [listed] = await watch.list();
  expect(listed).toMatchObject({ verdict: "UNKNOWN", uptime24h: 1 });
  expect(path()).toEqual(["UP"]);
  await releases.pop()?.();
  await until("DOWN once the store is back", () => path().includes("DOWN"));
  expect(path().slice(0, 3)).toEqual(["UP", "SUSPECT", "UNKNOWN"]);
  await watch.stop();
  const [sum] = await rows(
    "select sum(ok + slow + fail + unknown)::int as runs from bucket_minute where check_id = 'stall'",
  );
  expect(sum.runs).toBe(results.length);
});

test("a stall of our own event loop is not charged to the target", async () => {
  const api = await target();
  const { path, results, watch } = await watching([spec("lag", api.port, { timeoutMs: 1_000 })]);
  await until("UP", () => path().includes("UP"));
  api.answer.status = 0;
  await until("a run is under way", () => api.answer.hanging > 0);
  const before = results.length;
  const end = performance.now() + 1_600;
  while (performance.now() < end);
  await until("judged", () => results.length > before);
  expect(results[before]).toMatchObject({ outcome: "unknown", class: "prober" });
  api.answer.status = 200;
  await until("UP", async () => (await watch.list())[0]?.verdict === "UP");
});

test("a process that is gone needs one confirmation", async () => {
  let alive = 1;
  const options = { every: 200, timeout: 2_000, critical: true, process: "worker" };
  const { events, path } = await watching([spec("process", 1, { type: "process", options, service: "worker" })], {
    processes: async () => ({ alive, expected: 1, detail: alive ? null : "killed by SIGKILL" }),
  });
  await until("UP", () => path().includes("UP"));
  alive = 0;
  await until("DOWN", () => path().includes("DOWN"));
  expect(events.find(({ to }) => to === "DOWN")).toMatchObject({
    class: "process-gone",
    detail: "0 of 1 replica is alive: killed by SIGKILL",
  });
});

test("a run that fails while that is planned is not charged to the target", async () => {
  const api = await target();
  let why: string | null = null;
  const { watch, path, results } = await watching([spec("planned", api.port)], { planned: async () => why });
  await until("UP", () => path().includes("UP"));
  why = "not judged: it is being replaced";
  await api.down();
  await until("UNKNOWN", () => watch.verdicts()[0]?.verdict === "UNKNOWN");
  expect(results.filter(({ outcome }) => outcome === "fail")).toEqual([]);
  why = null;
  await until("DOWN", () => path().includes("DOWN"));
});

test("a check that ended leaves no verdict to one of the same name that comes later", async () => {
  const api = await target();
  const { watch, path } = await watching([spec("again", api.port)]);
  await api.down();
  await until("DOWN", () => path().includes("DOWN"));
  await watch.setChecks([]);
  await watch.setChecks([spec("again", api.port)]);
  await until("DOWN, told anew", () => path().filter((verdict) => verdict === "DOWN").length === 2);
});

test("checks come and go while it runs; one can be run at once", async () => {
  const api = await target();
  const slow = spec("slow", api.port, { everyMs: 300_000 });
  const { watch, results } = await watching([slow]);
  const report = await watch.runNow("slow");
  expect(report).toMatchObject({ outcome: "ok", body: "ok", kind: "scheduled" });
  expect(report.phases?.connect).toBeGreaterThanOrEqual(0);
  await watch.setChecks([spec("quick", api.port)]);
  await until("the new one runs", () => results.length > 2);
  expect((await watch.list()).map(({ id }) => id)).toEqual(["quick"]);
  await expect(watch.runNow("slow")).rejects.toMatchObject({ code: "SM-CHECK-UNKNOWN" });
  await watch.stop();
  await expect(watch.runNow("quick")).rejects.toMatchObject({ code: "SM-WATCH-STOPPED" });
});
