import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Rollout } from "../../src/contract/rollout.ts";
import { Status } from "../../src/contract/status.ts";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

/** Without a daemon, as in a pipeline: each command does the work itself. */
describe("commands without a daemon", () => {
  test("looking at what was never deployed starts nothing and leaves nothing", async () => {
    const looks = [["status"], ["releases"], ["incidents"], ["deploy", "--plan"], ["doctor"], ["audit", "verify"]];
    const seen = await Promise.all(
      looks.map(async (args) => {
        const { code, stderr } = await lab.run(args);
        return `${args.join(" ")}: ${code} ${stderr}`;
      }),
    );
    expect(seen).toEqual(looks.map((args) => `${args.join(" ")}: 0 `));
    expect(lab.processes()).toEqual([]);
  });

  test("deploy ends with one document: the rollout and its journal", async () => {
    const { rollout, code, stderr } = await lab.deploy("--release", "v1");
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(Rollout.parse(rollout)).toMatchObject({ state: "SUCCEEDED", release: "v1", strategy: "blue-green" });
    const open = rollout.journal.filter(
      ({ key, phase }) =>
        phase === "intent" && !rollout.journal.some((other) => other.key === key && other.phase === "outcome"),
    );
    expect(open).toEqual([]);
    const verify = rollout.journal.find(({ step, phase }) => step === "VERIFIED" && phase === "outcome");
    expect(verify?.payload).toMatchObject({ probes: [[expect.anything(), expect.anything(), expect.anything()]] });
    expect(JSON.parse((await lab.ask("/health")).body)).toEqual({ status: "healthy", release: "v1" });
  });

  test("status, releases and audit say what is there", async () => {
    const status = Status.parse(await lab.status());
    expect(status).toMatchObject({ project: "lab", environment: "local", incidents: [], daemon: { running: false } });
    expect(status.services).toMatchObject([
      { name: "app", state: "healthy", release: "v1", replicas: [{ state: "running", weight: 100, release: "v1" }] },
    ]);
    expect(status.rollouts[0]).toMatchObject({
      state: "SUCCEEDED",
      release: "v1",
      endedAt: expect.any(String),
      reason: null,
    });
    const releases = JSON.parse((await lab.run(["releases", "--json"])).stdout).releases;
    expect(releases).toMatchObject([{ name: "v1", current: true }]);
    expect(JSON.parse((await lab.run(["audit", "verify", "--json"])).stdout)).toMatchObject({ intact: true });
  });

  test("a second release, then back: files, variables and name", async () => {
    lab.write("version.txt", "two");
    lab.manifest({ services: { app: service({ env: { STEP: "2" } }) } });
    const { rollout } = await lab.deploy("--strategy", "rolling");
    expect(rollout).toMatchObject({ state: "SUCCEEDED", strategy: "rolling", fromRelease: "v1" });
    expect(rollout.plan.services[0]?.changes.sort()).toEqual(["env", "files"]);
    expect(JSON.parse((await lab.ask("/version")).body)).toMatchObject({ text: "two" });
    const back = await lab.run(["rollback", "local", "--yes", "--json"]);
    expect(JSON.parse(back.stdout)).toMatchObject({ state: "SUCCEEDED", kind: "rollback", release: "v1" });
    expect(JSON.parse((await lab.ask("/version")).body)).toMatchObject({ text: "one", release: "v1" });
  });

  test("what has no terminal to ask on and no --yes changes nothing", async () => {
    const { code, stderr } = await lab.run(["deploy", "local"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error SM-CONFIRM: /);
  });

  test("of two at once with the same content one ships it, the other finds it done or is refused", async () => {
    lab.manifest({ strategy: { bake: "2s" }, services: { app: service({ env: { STEP: "3" } }) } });
    const both = await Promise.all([1, 2].map(() => lab.run(["deploy", "local", "--yes", "--json"])));
    for (const { code, stderr } of both)
      if (code !== 0)
        expect([code, stderr]).toEqual([3, expect.stringMatching(/SM-PLAN-CHANGED|SM-ROLLOUT-SUPERSEDED/)]);
    expect(both.map(({ code }) => code)).toContain(0);
    const { rollouts } = await lab.status();
    expect(rollouts[0]).toMatchObject({ state: "SUCCEEDED" });
    expect(rollouts.filter(({ endedAt }) => endedAt === null)).toEqual([]);
  });

  test("Ctrl-C once undoes the rollout", async () => {
    const before = await lab.ask("/version");
    lab.manifest({ strategy: { bake: "10m" }, services: { app: service({ env: { STEP: "4" } }) } });
    const command = lab.start(["deploy", "local", "--yes"]);
    await until("the bake", () => command.said().includes("BAKING"));
    command.child.kill("SIGINT");
    const { code, stderr } = await command.done;
    expect(code).toBe(1);
    expect(stderr).toContain("SM-ROLLOUT-ABORTED");
    expect(await lab.ask("/version")).toEqual(before);
    expect(lab.processes().filter(({ command: line }) => line.includes("app.mjs"))).toHaveLength(1);
  });

  test("one that was killed is put in order by the next command first", async () => {
    const before = await lab.ask("/version");
    lab.manifest({ services: { app: service({ env: { STEP: "5" } }) } });
    const command = lab.start(["deploy", "local", "--yes"]);
    await until("a unit", () => command.said().includes("start app"));
    command.child.kill("SIGKILL");
    await command.done;
    const status = await lab.status();
    expect(status.rollouts[0]?.endedAt).toBeNull();
    lab.write("version.txt", "after the crash");
    const next = await lab.run(["deploy", "local", "--yes", "--json"]);
    expect(next.stderr).toMatch(/a crash left the rollout ro-\S+ .*finishing it first/);
    expect(JSON.parse(next.stdout)).toMatchObject({ state: "SUCCEEDED" });
    const after = JSON.parse((await lab.ask("/version")).body);
    expect(after.text).toBe("after the crash");
    expect(after.pid).not.toBe(JSON.parse(before.body).pid);
    expect(lab.processes().filter(({ command: line }) => line.includes("app.mjs"))).toHaveLength(1);
  });

  test("abort from another terminal", async () => {
    lab.manifest({ strategy: { bake: "10m" }, services: { app: service({ env: { STEP: "6" } }) } });
    const command = lab.start(["deploy", "local", "--yes"]);
    await until("the bake", () => command.said().includes("BAKING"));
    expect((await lab.run(["abort"])).code).toBe(0);
    expect((await command.done).code).toBe(1);
  });

  test("down ends all of it, up to the last process, and deploy brings it back", async () => {
    expect((await lab.run(["down"])).code).toBe(0);
    expect(lab.processes()).toEqual([]);
    lab.manifest({});
    expect((await lab.deploy()).rollout.state).toBe("SUCCEEDED");
  });
});
