import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { readLedger } from "../store/ledger.ts";
import { findRollout, unfinishedRollouts } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import { inBackground } from "./background.ts";
import { createWishLook, queueDeploy, queuedDeploy, unqueueDeploy } from "./queue.ts";
import { removeEnvironment } from "./remove.ts";
import { carryOut, inItsPlace, plannedDeploy, plannedRollback } from "./rollouts.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SICK = { path: "/nowhere", every: "1s", timeout: "5s" };

describe("rollouts that meet", () => {
  let lab: DeployLab;
  const quiet = { onBackgroundError: () => {} };
  const begin = async (actor = "ada"): Promise<RolloutRow> => {
    const planned = await plannedDeploy(lab.engine, {}, actor);
    return await inItsPlace(lab.engine, planned, () => inBackground(lab.engine, planned, quiet));
  };
  const row = (id: string) => findRollout(lab.engine.store.db, id);
  const state = async (id: string) => (await row(id))?.state;
  const ended = (id: string) => until(`the end of ${id}`, async () => (await row(id))?.finishedAt, 60_000);
  const manifest = (version: string, settings: { sick?: boolean; bake?: string } = {}) => {
    lab.write("version.txt", version);
    const health = settings.sick ? { health: SICK, startup: "60s" } : {};
    lab.manifest({ services: { app: service(health) }, strategy: { kind: "blue-green", bake: settings.bake ?? "1s" } });
  };
  const queue = async (actor = "bob") => await queueDeploy(lab.engine, { request: {}, actor, holder: null });
  const look = () =>
    createWishLook(lab.engine, { holder: null, begin: (planned) => inBackground(lab.engine, planned, quiet) });

  beforeAll(async () => {
    lab = await openDeployLab();
    manifest("one");
    expect((await carryOut(lab.engine, await plannedDeploy(lab.engine, {}, "ada"))).state).toBe("SUCCEEDED");
  });
  afterAll(() => lab?.close());

  test("one that no user has seen is cleaned up for a newer one, which says who took its place", async () => {
    manifest("two", { sick: true });
    const first = await begin();
    await until("STARTED", async () => (await state(first.id)) === "STARTED");
    const meeting = async () => (await plannedDeploy(lab.engine, {}, "bob")).plan.underWay?.meeting;
    // The same content again is not newer.
    expect(await meeting()).toBe("wait");
    manifest("three");
    expect(await meeting()).toBe("supersede");
    const second = await begin("bob");
    expect(await row(first.id)).toMatchObject({
      state: "SUPERSEDED",
      reason: "SM-ROLLOUT-SUPERSEDED: superseded by r3 of bob",
    });
    await ended(second.id);
    expect(await row(second.id)).toMatchObject({ state: "SUCCEEDED", release: "r3", fromRelease: "r1" });
    expect((await lab.ask("/version")).body).toContain("three");
    expect(lab.processes().filter(({ command }) => command.includes("app.mjs"))).toHaveLength(1);
  });

  test("one that users have is waited for; of those that wait the last is shipped, once, as it was agreed to", async () => {
    manifest("four", { bake: "6s" });
    const running = await begin();
    await until("BAKING", async () => (await state(running.id)) === "BAKING");
    manifest("five");
    await expect(begin("bob")).rejects.toMatchObject({ code: "SM-DEPLOY-BUSY" });
    await expect(carryOut(lab.engine, await plannedRollback(lab.engine, {}, "cleo"))).rejects.toMatchObject({
      code: "SM-DEPLOY-BUSY",
    });
    const first = await queue();
    expect(first.waitsFor).toMatchObject({ rollout: running.id, state: "BAKING", until: expect.any(String) });
    const { plan } = await plannedDeploy(lab.engine, {}, "bob");
    expect(plan.underWay).toMatchObject({ meeting: "wait", release: "r4" });
    manifest("six");
    const second = await queue("cleo");
    expect(await queuedDeploy(lab.engine)).toMatchObject({ id: second.id, actor: "cleo" });
    await look()();
    expect(await row(second.id)).toBeUndefined();
    await ended(running.id);
    // Another process finds what this one had queued.
    const later = look();
    await until("its turn", async () => {
      await later();
      return await row(second.id);
    });
    await ended(second.id);
    expect(await row(second.id)).toMatchObject({ state: "SUCCEEDED", fromRelease: "r4", actor: "cleo" });
    expect(await row(first.id)).toBeUndefined();
    expect(await queuedDeploy(lab.engine)).toBeUndefined();
    expect((await lab.ask("/version")).body).toContain("six");
  });

  test("what changed meanwhile is not shipped; what was taken back is not either", async () => {
    manifest("seven");
    const wish = await queue();
    manifest("eight");
    await look()();
    expect(await queuedDeploy(lab.engine)).toBeUndefined();
    const [last] = (await readLedger(lab.engine.store.db, 1)).slice(-1);
    expect(last).toMatchObject({ action: "rollout.unqueued", subject: wish.id, detail: { code: "SM-PLAN-CHANGED" } });
    const again = await queue();
    await expect(unqueueDeploy(lab.engine, "bob", wish.id)).rejects.toMatchObject({ code: "SM-QUEUE-EMPTY" });
    expect(await unqueueDeploy(lab.engine, "bob", again.id)).toMatchObject({ release: again.release });
    await look()();
    expect(await unfinishedRollouts(lab.engine.store.db, { app: "lab" })).toEqual([]);
  });

  test("what is taken back while it is planned does not begin", async () => {
    manifest("nine");
    const { id } = await queue();
    const planned = { ...(await plannedDeploy(lab.engine, {}, "bob")), id };
    await unqueueDeploy(lab.engine, "bob", id);
    await expect(carryOut(lab.engine, planned)).rejects.toMatchObject({ code: "SM-QUEUE-EMPTY" });
    expect(await row(id)).toBeUndefined();
  });

  test("two that were planned at the same moment have one name: the later one is not shipped as the other's content", async () => {
    manifest("ten");
    const later = await plannedDeploy(lab.engine, {}, "bob");
    manifest("eleven");
    const sooner = await plannedDeploy(lab.engine, {}, "ada");
    expect(sooner.plan.release).toBe(later.plan.release);
    expect(await carryOut(lab.engine, sooner)).toMatchObject({ state: "SUCCEEDED" });
    await expect(carryOut(lab.engine, later)).rejects.toMatchObject({ code: "SM-PLAN-CHANGED" });
  });

  test("one whose process died is ended by the newer one, where nobody else would", async () => {
    manifest("twelve");
    const left = await lab.another(lab.engine.deploy).begin(await plannedDeploy(lab.engine, {}, "ada"));
    await lab.engine.store.pool.query("update lease set expires_at = now() - interval '1 s'");
    manifest("thirteen");
    const { id } = await begin("bob");
    expect(await state(left.id)).toBe("SUPERSEDED");
    await ended(id);
    expect(await state(id)).toBe("SUCCEEDED");
  });

  test("the wish of a command that died is dropped", async () => {
    manifest("fourteen");
    await queueDeploy(lab.engine, { request: {}, actor: "bob", holder: `${(await import("node:os")).hostname()}/1/0` });
    await look()();
    expect(await queuedDeploy(lab.engine)).toBeUndefined();
  });

  test("what waits goes with its environment", async () => {
    manifest("last");
    await queue();
    const vacate = { look: () => Promise.reject(new Error("no look")), clear: async () => {} };
    const engine = { ...lab.engine, platform: { ...lab.engine.platform, vacate } };
    const plan = { environment: "local", volumes: false, hosts: [], away: [] };
    await removeEnvironment(engine, plan, "ada");
    expect(await queuedDeploy(lab.engine)).toBeUndefined();
  });
});
