import { afterEach, expect, test, vi } from "vitest";
import type { RolloutPlan } from "../../src/contract/rollout.ts";
import { Status } from "../../src/contract/status.ts";
import type { Command } from "../lab/command.ts";
import { type Lab, openLab } from "../lab/lab.ts";
import { until } from "../lab/until.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let lab: Lab;
let daemon: Command | undefined;
afterEach(async () => {
  await lab.close();
  await daemon?.done;
  daemon = undefined;
});

const LOCAL = { platform: "local", strategy: { kind: "blue-green", bake: "500ms" } };
const deploy = (...args: string[]) => lab.run(["deploy", ...args, "--yes"]);

test("staging before production: the same content must have succeeded there, and somebody vouches for it", async () => {
  lab = await openLab({
    store: "embedded",
    manifest: {
      environments: {
        staging: { ...LOCAL, env: { STAGE: "1" } },
        production: { ...LOCAL, env: { STAGE: "2" }, after: ["staging"], require: ["qa"] },
      },
    },
  });
  const rows = async () => {
    const { stdout, code } = await lab.run(["deploy", "production", "--plan", "--json"]);
    const { preflight = [] } = JSON.parse(stdout) as RolloutPlan;
    expect(code).toBe(preflight.every(({ ok }) => ok) ? 0 : 3);
    return Object.fromEntries(preflight.map(({ item, ok }) => [item, ok]));
  };
  const first = await deploy("production");
  expect(first).toMatchObject({ code: 3, stdout: expect.stringContaining("after:staging") });
  expect(first.stderr).toMatch(
    /^error SM-PREFLIGHT: r1 may not go to production: qa \(.*after:staging \(nothing .*\n$/,
  );
  expect(await rows()).toEqual({
    ...{ qa: false, "after:staging": false },
    ...{ "rollback-plan": true, incident: true },
  });
  daemon = lab.start(["--env", "staging", "up", "--port", "0"]);
  await until("the daemon", () => daemon?.said().includes("ready:"));
  expect(await rows()).toMatchObject({ qa: false, "after:staging": true });
  expect((await deploy("production")).stderr).toMatch(/^error SM-PREFLIGHT: r2 may not go to production: qa \(nobody/);
  const word = await lab.run(["approve", "qa", "--env", "production", "--release", "r1", "--evidence", "run 7"]);
  expect(word).toMatchObject({ code: 0, stdout: expect.stringContaining("vouches for qa of r1 in production") });
  expect(await deploy("production")).toMatchObject({ code: 0, stderr: expect.anything() });
  const status = await lab.run(["status", "--env", "production", "--json"]);
  expect(Status.parse(JSON.parse(status.stdout))).toMatchObject({
    environment: "production",
    services: [{ name: "app", state: "healthy", release: "r2" }],
  });
  lab.write("version.txt", "two");
  expect(await rows()).toMatchObject({ qa: false, "after:staging": false });
  const taken = await deploy("production", "--override", "qa", "after:staging", "--reason", "the fix");
  expect(taken.code).toBe(0);
  expect((await lab.run(["audit", "list"])).stdout).toMatch(/preflight\.override.*after:staging/);
  expect((await lab.status()).services).toMatchObject([{ release: "r1" }]);
});

test("without a daemon the command waits for the rollout that users have, and Ctrl-C takes it back", async () => {
  lab = await openLab({ strategy: { kind: "blue-green", bake: "10m" } });
  const first = lab.start(["deploy", "local", "--yes"]);
  await until("BAKING", () => first.said().includes("BAKING"), 60_000);
  lab.write("version.txt", "two");
  const second = lab.start(["deploy", "local", "--yes"]);
  await until(
    "the wait",
    () => /waits for the rollout ro-\S+ \(r1, BAKING, \d+ min left\)/.test(second.said()),
    60_000,
  );
  second.child.kill("SIGINT");
  expect(await second.done).toMatchObject({ code: 130, stdout: expect.stringContaining("r2 is not shipped") });
  const third = lab.start(["deploy", "local", "--yes", "--json"]);
  await until("the wait", async () => (await lab.status()).queued?.release === "r2", 60_000);
  expect((await lab.run(["promote"])).code).toBe(0);
  expect((await first.done).code).toBe(0);
  await until("its bake", async () => (await lab.status()).rollouts[0]?.state === "BAKING", 60_000);
  await lab.run(["promote"]);
  const { code, stdout } = await third.done;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ state: "SUCCEEDED", release: "r2", fromRelease: "r1" });
});

test("a deployment that waits for its window begins by itself; one that would do something else does not", async () => {
  lab = await openLab({ manifest: { environments: { local: LOCAL } } });
  expect((await lab.run(["freeze", "--until", "1h", "--reason", "the fair"])).code).toBe(0);
  const alone = await lab.run(["deploy", "local", "--when-open", "--yes"]);
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining("error SM-QUEUE-DAEMON") });
  daemon = lab.start(["up", "--port", "0"]);
  await until("the daemon", () => daemon?.said().includes("ready:"));
  expect((await deploy("local")).stderr).toMatch(/^error SM-PREFLIGHT: .*the fair.*--when-open/);
  const open = async () => {
    const list = await lab.run(["freeze", "--list", "--json"]);
    const [{ id }] = JSON.parse(list.stdout).freezes;
    await lab.run(["unfreeze", id]);
  };
  const queued = await deploy("local", "--when-open");
  expect(queued).toMatchObject({ code: 0, stdout: expect.stringMatching(/r1 is queued by cli:.*it goes to local at/) });
  expect(queued.stdout).not.toMatch(/refused|--when-open/);
  expect((await lab.status()).queued).toMatchObject({ release: "r1", environment: "local" });
  await open();
  await until("the rollout", async () => (await lab.status()).rollouts[0]?.state === "SUCCEEDED", 60_000);
  expect((await lab.status()).queued).toBeUndefined();

  lab.write("version.txt", "two");
  await lab.run(["freeze", "--until", "1h", "--reason", "tea"]);
  await deploy("local", "--when-open");
  lab.write("version.txt", "three");
  await open();
  await until("the refusal", () => daemon?.said().includes("was not shipped: error SM-PLAN-CHANGED"));
  expect((await lab.status()).rollouts).toHaveLength(1);

  await lab.run(["freeze", "--reason", "night"]);
  expect((await deploy("local", "--when-open")).stdout).toContain("when somebody lifts the freeze");
  expect((await lab.run(["abort", "--queued"])).stdout).toMatch(/which cli:\S+ queued for local, is not shipped/);
  expect((await lab.status()).queued).toBeUndefined();
});
