import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { keptReleases } from "../store/releases.ts";
import { findRollout, listRollouts, readJournal } from "../store/rollouts.ts";
import { liveUnits } from "../store/units.ts";
import { isEmpty } from "./plan.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

const SCOPE = { app: "lab", env: "local" };
let lab: DeployLab;
beforeAll(async () => {
  lab = await openDeployLab();
});
afterAll(() => lab.close());

async function units() {
  const rows = await liveUnits(lab.engine.store.db, SCOPE);
  return rows.map(({ service: name, release, role, state }) => `${name} ${release} ${role} ${state}`);
}

async function version(name?: string): Promise<{ release: string; text: string; pid: number }> {
  const { body, status } = await lab.ask("/version", name);
  expect(status).toBe(200);
  return JSON.parse(body);
}

async function running(): Promise<string> {
  const [row] = await listRollouts(lab.engine.store.db, { ...SCOPE, limit: 1 });
  return row?.id ?? "";
}

describe("releases", () => {
  test("where nothing is to be done the plan says so, and nothing is begun", async () => {
    expect((await lab.ship()).release).toBe("r1");
    const before = await version();
    const { plan } = await lab.plan();
    expect(isEmpty(plan)).toBe(true);
    expect(plan).toMatchObject({ release: "r1", services: [{ action: "keep", changes: [] }] });
    await expect(lab.ship()).rejects.toMatchObject({
      code: "SM-DEPLOY-NOTHING",
      message: expect.stringContaining("r1 runs in local already"),
    });
    expect(await listRollouts(lab.engine.store.db, { ...SCOPE, limit: 9 })).toHaveLength(1);
    expect(await version()).toEqual(before);
  });

  test("a rollback brings back the old files, not only the old name", async () => {
    lab.write("version.txt", "two");
    await lab.ship();
    expect(await version()).toMatchObject({ release: "r2", text: "two" });
    lab.write("version.txt", "three");
    expect(await lab.goBack()).toMatchObject({ state: "SUCCEEDED", kind: "rollback", release: "r1" });
    expect(await version()).toMatchObject({ release: "r1", text: "one" });
    // The second one does not go forward to what was left behind.
    await expect(lab.goBack()).rejects.toMatchObject({ code: "SM-ROLLBACK-NONE" });
    expect(await version()).toMatchObject({ release: "r1" });
  });

  test("a release has the name that was asked for, once", async () => {
    lab.write("version.txt", "named");
    expect(await lab.ship({ release: "v1.0" })).toMatchObject({ state: "SUCCEEDED", release: "v1.0" });
    expect(await version()).toMatchObject({ release: "v1.0", text: "named" });
    lab.write("version.txt", "other");
    await expect(lab.plan({ release: "v1.0" })).rejects.toMatchObject({ code: "SM-RELEASE-EXISTS" });
  });

  test("a new name alone replaces the processes", async () => {
    lab.write("version.txt", "named");
    const before = await version();
    expect(await lab.ship({ release: "v1.1" })).toMatchObject({ state: "SUCCEEDED", release: "v1.1" });
    expect((await version()).pid).not.toBe(before.pid);
  });

  test("five are kept, by when they served last, and any of them can be gone back to", async () => {
    for (const name of ["a", "b", "c", "d"]) {
      lab.write("version.txt", name);
      await lab.ship({ release: name });
    }
    const kept = (await keptReleases(lab.engine.store.db, "lab")).map(({ name }) => name).sort();
    expect(kept).toEqual(["a", "b", "c", "d", "v1.1"]);
    await lab.goBack("a");
    expect(await version()).toMatchObject({ release: "a", text: "a" });
    lab.write("version.txt", "e");
    await lab.ship({ release: "e" });
    // "a" served a moment ago: without a name the way back leads there, not to the newer "d".
    expect((await lab.goBack()).release).toBe("a");
    await expect(lab.goBack("r1")).rejects.toMatchObject({ code: "SM-RELEASE-UNKNOWN" });
  });

  test("a release whose files got lost is refused and what runs goes on", async () => {
    const { rm } = await import("node:fs/promises");
    await rm(`${lab.state}/releases/d`, { recursive: true });
    const ended = await lab.goBack("d");
    expect(ended).toMatchObject({ state: "FAILED", failure: { code: "SM-RELEASE-GONE" } });
    expect(await version()).toMatchObject({ release: "a" });
  });
});

describe("one at a time", () => {
  test("two deployments at the same moment in one process: one is refused", async () => {
    lab.write("version.txt", "race");
    const planned = await lab.plan();
    const begun = await Promise.allSettled([
      lab.deployer.begin(planned),
      lab.deployer.begin(planned),
      lab.deployer.begin(planned),
    ]);
    const won = begun.filter((item) => item.status === "fulfilled");
    expect(won).toHaveLength(1);
    for (const item of begun)
      if (item.status === "rejected") expect(item.reason).toMatchObject({ code: "SM-DEPLOY-BUSY", exitCode: 3 });
    expect((await lab.deployer.run(won[0]?.value.id ?? "")).state).toBe("SUCCEEDED");
  });

  test("a second controller is refused while the first works, and its wish to abort is heard", async () => {
    lab.write("version.txt", "second");
    const before = await version();
    const other = lab.another();
    const first = lab.ship();
    await until(
      "a running rollout",
      async () => (await findRollout(lab.engine.store.db, await running()))?.finishedAt === null,
    );
    await expect(other.begin(await lab.plan())).rejects.toMatchObject({ code: "SM-DEPLOY-BUSY" });
    expect(await other.abandoned("local")).toEqual([]);
    await other.abort(await running(), "somebody else");
    const ended = await first;
    expect(["FAILED", "ROLLED_BACK"]).toContain(ended.state);
    expect(ended.failure).toMatchObject({ code: "SM-ROLLOUT-ABORTED", message: "aborted by somebody else" });
    const records = await readJournal(lab.engine.store.db, ended.id);
    expect(records.find(({ key }) => key === "aborted")?.payload).toEqual({ why: "aborted by somebody else" });
    expect(await version()).toEqual(before);
    expect(await units()).toEqual([`app ${before.release} stable running`]);
  });

  test("an abort while the old release is being stopped is too late: the new one stays, whole", async () => {
    lab.manifest({ services: { app: service({ env: { MODE: "ignore-term" }, grace: "1s" }) } });
    await lab.ship();
    lab.manifest({ services: { app: service() } });
    const ship = lab.ship();
    await until("DRAINED", async () => (await findRollout(lab.engine.store.db, await running()))?.state === "DRAINED");
    await lab.deployer.abort(await running(), "test");
    expect((await ship).state).toBe("SUCCEEDED");
    expect(await units()).toHaveLength(1);
  });

  test("promote ends the bake", async () => {
    lab.manifest({ strategy: { bake: "10m" } });
    lab.write("version.txt", "promoted");
    const ship = lab.ship();
    await until("BAKING", async () => (await findRollout(lab.engine.store.db, await running()))?.state === "BAKING");
    await lab.another().promote(await running(), "cli:ada");
    expect(await ship).toMatchObject({ state: "SUCCEEDED", reason: "promoted by cli:ada" });
    expect(await version()).toMatchObject({ text: "promoted" });
  });
});

describe("services come and go", () => {
  test("--only leaves the others alone, also when they changed", async () => {
    const two = (env: Record<string, string>) => ({ services: { app: service({ env }), back: service({ env }) } });
    lab.manifest(two({ STEP: "1" }));
    await lab.ship();
    const before = { app: await version("app"), back: await version("back") };
    lab.manifest(two({ STEP: "2" }));
    await lab.ship({ only: ["back"] });
    expect((await version("app")).pid).toBe(before.app.pid);
    expect((await version("back")).pid).not.toBe(before.back.pid);
    await expect(lab.plan({ only: ["bakc"] })).rejects.toMatchObject({ code: "SM-DEPLOY-SERVICE" });
  });

  test("a renamed service is a new one and the old one goes; a rollback turns that round", async () => {
    lab.manifest({ services: { app: service(), front: service() } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    expect((await units()).map((unit) => unit.split(" ")[0])).toEqual(["app", "front"]);
    await expect(lab.url("back")).rejects.toThrow();
    expect((await lab.goBack()).state).toBe("SUCCEEDED");
    expect((await units()).map((unit) => unit.split(" ")[0])).toEqual(["app", "back"]);
    expect(await version("back")).toMatchObject({ text: "promoted" });
  });

  test("the number of replicas follows the manifest", async () => {
    for (const replicas of [3, 2, 1]) {
      lab.manifest({ services: { app: service({ replicas }) } });
      expect((await lab.ship()).state).toBe("SUCCEEDED");
      expect(await units()).toHaveLength(replicas);
    }
  });

  test("a worker has no address and is replaced like the others", async () => {
    lab.manifest({ services: { app: service(), job: service({ kind: "worker", env: { STEP: "1" } }) } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    await expect(lab.url("job")).rejects.toThrow();
    lab.manifest({ services: { app: service(), job: service({ kind: "worker", env: { STEP: "2" } }) } });
    const ended = await lab.ship();
    expect(ended.state).toBe("SUCCEEDED");
    expect((await units()).filter((unit) => unit.startsWith("job"))).toEqual([`job ${ended.release} stable running`]);
  });
});
