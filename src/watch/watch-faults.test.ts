import { expect, test } from "vitest";
import { CheckSeries } from "../contract/check.ts";
import { spec, until, watchBench } from "./testing.ts";

const { releases, rows, store, target, watching } = watchBench();

test("an event that is not taken comes again, and those behind it wait", async () => {
  const api = await target();
  let refusals = 2;
  const { path, problems } = await watching([spec("retry", api.port)], {
    onVerdict: () => {
      if (refusals-- > 0) throw new Error("not now");
    },
  });
  await until("DOWN", async () => {
    if (path().length > 0 && api.server.listening) await api.down();
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
  expect((await second.watch.list())[0]).toMatchObject({ verdict: "DOWN", lastResult: { class: "refused" } });
  await until("delivered", () => second.path().length > 0);
  await api.up();
  await until("UP", () => second.path().includes("UP"));
  expect(second.path()).toEqual(["DOWN", "UP"]);
  await second.watch.stop();

  const all = [...first.results, ...second.results].filter(({ kind }) => kind === "scheduled");
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
  const blocker = await store().pool.connect();
  releases.push(async () => {
    await blocker.query("rollback");
    blocker.release();
  });
  await blocker.query("begin; set local idle_in_transaction_session_timeout = 0");
  await blocker.query("lock table check_state, verdict_event, bucket_minute in access exclusive mode");
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
  expect(sum.runs).toBe(results.filter(({ kind }) => kind === "scheduled").length);
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

test("a check that ended leaves no verdict to one of the same name that comes later", async () => {
  const api = await target();
  const { watch, path } = await watching([spec("again", api.port)]);
  await api.down();
  await until("DOWN", () => path().includes("DOWN"));
  await watch.setChecks([]);
  await watch.setChecks([spec("again", api.port)]);
  await until("DOWN, told anew", () => path().filter((verdict) => verdict === "DOWN").length === 2);
  await watch.setChecks([]);
  // What is still to be written of it must not bring the verdict back.
  await watch.stop();
  expect(await rows("select verdict from check_state where check_id = 'again'")).toEqual([{ verdict: "UNKNOWN" }]);
});

test("two hundred checks that fail in one moment are told in seconds, and the store's queue is no stall", async () => {
  const api = await target();
  const many = Array.from({ length: 200 }, (_, index) =>
    spec(`many-${index}`, api.port, { everyMs: 1_000, recheck: 0, service: `s${index}` }),
  );
  const { watch, events } = await watching(many);
  await until("UP", () => watch.verdicts().every(({ verdict }) => verdict === "UP"));
  await api.down();
  await until(
    "DOWN",
    () => new Set(events.filter(({ to }) => to === "DOWN").map(({ checkId }) => checkId)).size === 200,
  );
  expect(events.filter(({ to }) => to === "UNKNOWN")).toEqual([]);
  const figures = watch.figures();
  expect(figures.latenessP99).toBeGreaterThanOrEqual(0);
  expect(figures.inflight.fast).toBeGreaterThanOrEqual(0);
});
