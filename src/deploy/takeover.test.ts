import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runLoad } from "../../bench/load.ts";
import { service } from "../../test/lab/lab.ts";
import { kill, processesOf } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import { findRollout, listRollouts } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { liveUnits } from "../store/units.ts";
import type { Deployer } from "./deployer.ts";
import { reap } from "./reap.ts";
import { planRollback } from "./request.ts";
import { restartService } from "./restart.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

const SCOPE = { app: "lab", env: "local" };
let lab: DeployLab;
let step = 0;
beforeAll(async () => {
  lab = await openDeployLab();
  expect((await lab.ship()).state).toBe("SUCCEEDED");
});
afterAll(() => lab.close());

/** Begins a rollout of a new release and answers when it is in `state`, with the promise of its end. */
async function inState(
  state: string,
  bake = "10m",
  more: Record<string, unknown> = {},
  deployer: Deployer = lab.deployer,
): Promise<{ id: string; ended: Promise<RolloutRow> }> {
  step += 1;
  lab.manifest({ strategy: { bake, ...more }, services: { app: service({ env: { STEP: String(step) } }) } });
  const { id } = await deployer.begin(await lab.plan());
  const ended = deployer.run(id);
  ended.catch(() => {});
  await until(state, async () => (await findRollout(lab.engine.store.db, id))?.state === state);
  return { id, ended };
}

const units = async () => await liveUnits(lab.engine.store.db, SCOPE);
const appPids = () =>
  processesOf(lab.root)
    .filter(({ command }) => command.includes("app.mjs"))
    .map(({ pid }) => pid);
const sick = (release: string) => writeFileSync(join(lab.state, "releases", release, "files", "sick"), "");
const expireLease = () => lab.engine.store.pool.query("update lease set expires_at = now() - interval '1 s'");

describe("another controller takes over", () => {
  test("who lost the lease stops at once; who took it brings the rollout to its end; users notice nothing", async () => {
    const end = new AbortController();
    const load = runLoad({ url: await lab.url(), rate: 30, signal: end.signal });
    const { id, ended } = await inState("BAKING", "2s");
    await expireLease();
    const second = lab.another();
    expect(await second.abandoned("local")).toHaveLength(1);
    const [first, other] = await Promise.allSettled([ended, second.run(id)]);
    expect(other).toMatchObject({ status: "fulfilled", value: { state: "SUCCEEDED" } });
    expect(first.status === "rejected" ? first.reason : {}).toMatchObject({ code: "SM-LEASE-LOST" });
    end.abort();
    expect(await load).toMatchObject({ failed: 0 });
    expect(await units()).toHaveLength(1);
    expect(appPids()).toHaveLength(1);
  });

  test("a lease that ran out in the middle: the rollout is brought to its end all the same", async () => {
    const { ended } = await inState("VERIFIED", "300ms");
    // Until the next renewal nothing can be written: then the rollout is left, and finished like any other that a crash left.
    await expireLease();
    const result = await ended.catch((error: unknown) => error);
    if (result instanceof Error) expect(result).toMatchObject({ code: "SM-LEASE-LOST" });
    const [left] = await lab.deployer.abandoned("local");
    if (left) expect((await lab.deployer.run(left.id)).state).toBe("SUCCEEDED");
    expect(await units()).toHaveLength(1);
  });

  test("an abort that is heard while the route is still being looked at: the rollout is undone, not left where it is", async () => {
    const first = lab.another();
    const { ended } = await inState("BAKING", "10m", {}, first);
    await first.leave();
    await ended.catch(() => {});
    const { platform, store } = lab.engine;
    const read: typeof platform.traffic.read = async (target, context) => {
      await delay(1_500);
      context.signal.throwIfAborted();
      return await platform.traffic.read(target, context);
    };
    const second = lab.another({ platform: { ...platform, traffic: { ...platform.traffic, read } } });
    const [left] = await second.abandoned("local");
    await second.abort(left?.id ?? "", "test");
    expect((await second.run(left?.id ?? "")).state).toBe("ROLLED_BACK");
    expect((await findRollout(store.db, left?.id ?? ""))?.failure).toMatchObject({ code: "SM-ROLLOUT-ABORTED" });
    expect(await units()).toHaveLength(1);
  });
});

describe("the way back", () => {
  test("a candidate that falls ill while it bakes goes, the old one serves again", async () => {
    const before = await lab.ask("/version");
    const { id, ended } = await inState("BAKING");
    sick((await findRollout(lab.engine.store.db, id))?.release ?? "");
    expect(await ended).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-UNIT-UNHEALTHY" } });
    expect(await lab.ask("/version")).toEqual(before);
  });

  test("the old process died meanwhile: it is started again before users return to it", async () => {
    const before = await lab.ask("/version");
    const end = new AbortController();
    const load = runLoad({ url: await lab.url(), rate: 30, signal: end.signal });
    const { id, ended } = await inState("BAKING");
    kill(JSON.parse(before.body).pid, "SIGKILL");
    await lab.deployer.abort(id, "test");
    expect(await ended).toMatchObject({ state: "ROLLED_BACK" });
    end.abort();
    expect(await load).toMatchObject({ failed: 0, failures: [] });
    const after = await lab.ask("/version");
    expect(after.release).toBe(before.release);
    const target = { app: "lab", environment: "local", service: "app" };
    const route = await lab.engine.platform.traffic.read(target, { signal: AbortSignal.timeout(10_000) });
    expect(route?.stable).toHaveLength(1);
    expect(JSON.parse(after.body).pid).not.toBe(JSON.parse(before.body).pid);
    expect(appPids()).toHaveLength(1);
  });

  test("the old one is sick and the new one is not: nobody is sent back, a person decides", async () => {
    const { release } = await lab.ask("/version");
    const { id, ended } = await inState("BAKING");
    const wanted = (await findRollout(lab.engine.store.db, id))?.release;
    sick(release ?? "");
    await lab.deployer.abort(id, "test");
    expect(await ended).toMatchObject({ state: "STUCK", failure: { code: "SM-ROLLBACK-UNSAFE" } });
    expect((await lab.ask("/version")).release).toBe(wanted);
    const restart = {
      environment: "local",
      service: "app",
      which: "all",
      signal: AbortSignal.timeout(30_000),
    } as const;
    await expect(restartService(lab.dependencies, restart)).rejects.toMatchObject({ code: "SM-ROLLOUT-STUCK" });
    expect((await lab.ask("/version")).release).toBe(wanted);
    expect((await planRollback(lab.sources(), { actor: "test" })).plan.release).toBe(release);
    lab.manifest({ services: { app: service({ env: { STEP: "decided" } }) } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    expect(await units()).toHaveLength(1);
    expect(appPids()).toHaveLength(1);
  });
});

test("stuck in the middle of a canary: the share stays as it is and ends no more by itself", async () => {
  const { release } = await lab.ask("/version");
  const { id, ended } = await inState("ANALYZING", "10m", { kind: "canary", steps: [50, 100], every: "10m" });
  sick(release ?? "");
  await lab.deployer.abort(id, "test");
  expect(await ended).toMatchObject({ state: "STUCK", failure: { code: "SM-ROLLBACK-UNSAFE" } });
  const target = { app: "lab", environment: "local", service: "app" };
  const route = await lab.engine.platform.traffic.read(target, { signal: AbortSignal.timeout(10_000) });
  expect(route).toMatchObject({ share: 50, until: null, candidate: [{ weight: expect.any(Number) }] });
  lab.manifest({ services: { app: service({ env: { STEP: "decided again" } }) } });
  expect((await lab.ship()).state).toBe("SUCCEEDED");
  expect(await units()).toHaveLength(1);
  expect(appPids()).toHaveLength(1);
});

describe("what leaves", () => {
  test("is not touched while a rollout works on its service", async () => {
    const { id, ended } = await inState("BAKING");
    const mark = (state: string) =>
      lab.engine.store.pool.query("update unit set state = $1 where role = 'stable' and state <> 'stopped'", [state]);
    await mark("draining");
    expect(await reap(lab.dependencies, "local")).toEqual([]);
    await mark("running");
    await lab.deployer.abort(id, "test");
    expect((await ended).state).toBe("ROLLED_BACK");
  });

  test("has the grace of its own service", async () => {
    lab.manifest({ services: { app: service({ env: { MODE: "ignore-term" }, grace: "300ms" }) } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    const [old] = await units();
    lab.manifest({ services: { app: service({ env: { STEP: "patient" } }) } });
    const release = await lab.ship();
    const target = { app: "lab", environment: "local", service: "app" };
    const routed = { stable: [], candidate: [], share: 0, until: null, hold: null };
    await lab.engine.platform.traffic.apply(target, routed, { signal: AbortSignal.timeout(10_000) });
    await lab.engine.store.pool.query("update unit set state = 'draining' where service = 'app' and state = 'running'");
    const started = performance.now();
    expect(await reap(lab.dependencies, "local")).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(9_000);
    expect([old?.release === release.release, await units()]).toEqual([false, []]);
    expect((await lab.ship()).state).toBe("SUCCEEDED");
  });
});

test("after all that nothing is left that no release or unit needs", async () => {
  const kept = readdirSync(join(lab.state, "releases"));
  expect(kept.length).toBeLessThanOrEqual(6);
  expect(existsSync(join(lab.state, "router.json"))).toBe(true);
  const open = (await listRollouts(lab.engine.store.db, { ...SCOPE, limit: 50 })).filter(
    ({ finishedAt }) => !finishedAt,
  );
  expect(open).toEqual([]);
});
