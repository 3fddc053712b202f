import { expect, test } from "vitest";
import { Check } from "../contract/check.ts";
import { readResults } from "./raw.ts";
import { spec, until, watchBench } from "./testing.ts";

const { rows, store, target, watching } = watchBench();

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
  const { watch, path, results } = await watching([spec("planned", api.port)], { planned: async () => () => why });
  await until("UP", () => path().includes("UP"));
  why = "not judged: it is being replaced";
  await api.down();
  await until("UNKNOWN", () => watch.verdicts()[0]?.verdict === "UNKNOWN");
  expect(results.filter(({ outcome }) => outcome === "fail")).toEqual([]);
  why = null;
  await until("DOWN", () => path().includes("DOWN"));
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

test("who waits for a run is answered although another owner of the check begins meanwhile", async () => {
  const api = await target();
  const owned = (epoch: number) => spec("handed", api.port, { everyMs: 300_000, owned: { shard: 1, epoch } });
  const { watch } = await watching([owned(1)], { shared: true });
  api.answer.status = 0;
  const under = watch.runNow("handed");
  await until("a run is under way", () => api.answer.hanging > 0);
  const waiting = watch.runNow("handed");
  api.answer.status = 200;
  await watch.setChecks([owned(2)]);
  expect(await under).toMatchObject({ outcome: "fail", class: "read-timeout" });
  expect(await waiting).toMatchObject({ outcome: "ok" });
});

test("a list of checks that cannot be taken changes nothing, and the next one is taken", async () => {
  const api = await target();
  const { watch, path } = await watching([spec("stays", api.port)]);
  await expect(
    watch.setChecks([spec("new", api.port), { ...spec("bad", 1), options: null as never }]),
  ).rejects.toThrow();
  expect(watch.verdicts().map(({ id }) => id)).toEqual(["stays"]);
  await until("UP", () => path().includes("UP"));
  await watch.setChecks([spec("next", api.port)]);
  expect(watch.verdicts().map(({ id }) => id)).toEqual(["next"]);
});

test("what is computed takes the way of all verdicts: told once, kept over a restart, not forgotten with the checks", async () => {
  const about = { id: "local/slo/api", service: "api", component: "slo", critical: true, everyMs: 60_000 };
  const bad = { ...about, verdict: "DOWN", class: "burn:6", family: "availability", detail: "too fast" } as const;
  const first = await watching([]);
  await first.watch.say({ ...bad, verdict: "UP", class: null, detail: null });
  await first.watch.say(bad);
  await first.watch.say(bad);
  await until("told", () => first.path().length > 0);
  await first.watch.setChecks([]);
  await first.watch.stop();
  expect(first.path()).toEqual(["DOWN"]);
  const second = await watching([]);
  expect(await second.watch.synthetic()).toEqual([{ id: "local/slo/api", verdict: "DOWN" }]);
  await second.watch.say({ ...bad, class: "burn:14.4" });
  await second.watch.say({ ...bad, verdict: "UP", class: null, detail: null });
  await until("UP", () => second.path().length === 2);
  expect(second.events.map(({ class: name }) => name)).toEqual(["burn:14.4", null]);
  expect(second.events[0]?.onset).toBe(first.events[0]?.onset);
});

test("what another process says of what is computed counts once it is read anew", async () => {
  const about = { id: "local/slo/web", service: "web", component: "slo", critical: true, everyMs: 60_000 };
  const burning = { ...about, verdict: "DOWN", class: "burn:6", family: "availability", detail: "too fast" } as const;
  const [mine, theirs] = [await watching([]), await watching([])];
  const seen = async () => (await mine.watch.synthetic()).filter(({ id }) => id === about.id);
  await mine.watch.say(burning);
  await until(
    "written",
    async () => (await rows("select 1 from check_state where check_id = $1", [about.id])).length > 0,
  );
  await theirs.watch.say({ ...burning, verdict: "UP", class: null, detail: null });
  await until("told", () => theirs.path().includes("UP"));
  expect(await seen()).toEqual([{ id: about.id, verdict: "DOWN" }]);
  mine.watch.reread();
  expect(await seen()).toEqual([{ id: about.id, verdict: "UP" }]);
});

test("runs during maintenance count on neither side; blips are counted; single results can be read", async () => {
  const api = await target();
  let maintenance = false;
  const { watch, path, results } = await watching([spec("kept", api.port)], { inMaintenance: () => maintenance });
  await until("UP", () => path().includes("UP"));
  api.answer.status = 500;
  await until("SUSPECT", () => path().includes("SUSPECT"));
  api.answer.status = 200;
  await until("UP", () => path().at(-1) === "UP");
  maintenance = true;
  const before = results.length;
  await api.down();
  await until("DOWN", () => path().includes("DOWN"));
  await until("more", () => results.length > before + 12);
  await watch.stop();
  const [sum] = await rows(
    "select sum(blips)::int as blips, sum(maintenance)::int as maintenance, sum(ok + slow + fail + unknown)::int as counted from bucket_minute where check_id = 'kept'",
  );
  expect(sum.blips).toBe(1);
  expect(sum.maintenance).toBeGreaterThan(5);
  // Confirmations are kept as single results only: they come in clusters just when something fails.
  expect(results.some(({ kind }) => kind === "confirmation")).toBe(true);
  expect(sum.counted + sum.maintenance).toBe(results.filter(({ kind }) => kind === "scheduled").length);
  const stored = await readResults(store(), "kept", { before: new Date(Date.now() + 60_000), limit: 100 });
  const failed = results.filter(({ outcome }) => outcome !== "ok");
  expect(stored.filter(({ outcome }) => outcome !== "ok")).toHaveLength(failed.length);
  expect(stored[0]).toMatchObject({ outcome: "fail", class: "refused" });
  expect(stored.some(({ outcome }) => outcome === "ok")).toBe(true);
});

test("every single result is kept of a check that asks for it, and of others none that passed", async () => {
  const api = await target();
  const { watch, results } = await watching([spec("all", api.port, { keepRaw: true }), spec("few", api.port)]);
  await until("runs of both", () => results.length >= 40);
  await watch.stop();
  const kept = async (id: string) =>
    await readResults(store(), id, { before: new Date(Date.now() + 60_000), limit: 100 });
  const [{ runs }] = await rows("select sum(ok)::int as runs from bucket_minute where check_id = 'all'");
  expect(await kept("all")).toHaveLength(runs);
  // Its first run, which made it UP, and the ten that followed.
  expect(await kept("few")).toHaveLength(11);
});
