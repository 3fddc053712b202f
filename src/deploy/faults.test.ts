import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServiceText, service } from "../../test/lab/lab.ts";
import { processesOf } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import { readJournal } from "../store/rollouts.ts";
import { liveUnits } from "../store/units.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

let lab: DeployLab;
beforeAll(async () => {
  lab = await openDeployLab();
  expect((await lab.ship()).state).toBe("SUCCEEDED");
});
afterAll(() => lab.close());

async function appPids(): Promise<number[]> {
  return processesOf(lab.root)
    .filter(({ command }) => !command.includes("/router/"))
    .map(({ pid }) => pid);
}

/** A deployment that must fail and leave the running version as it was: same process, same answers, nothing beside it. */
async function fails(change: ServiceText, strategy?: Record<string, unknown>) {
  const before = { pids: await appPids(), answer: await lab.ask("/version") };
  expect(before.answer.status).toBe(200);
  lab.manifest({ services: { app: service(change) }, strategy });
  const ended = await lab.ship();
  expect(await lab.ask("/version")).toEqual(before.answer);
  await until("only the processes from before", async () => String(await appPids()) === String(before.pids), 5_000);
  const units = await liveUnits(lab.engine.store.db, { app: "lab", env: "local" });
  expect(units.map(({ role, state }) => `${role} ${state}`)).toEqual(["stable running"]);
  return ended;
}

describe("a bad release never replaces a good one", () => {
  test.each([
    { start: "no-such-program --at-all", code: "SM-START-NOT-FOUND", named: '"no-such-program"' },
    { start: "./not-there", code: "SM-START-NOT-FOUND", named: '"./not-there"' },
    { start: "./plain.sh", code: "SM-START-PERMISSION", named: "plain.sh" },
  ])("$start: the plan says what cannot be started", async ({ start, code, named }) => {
    lab.write("plain.sh", "#!/bin/sh\nexit 0\n");
    lab.manifest({ services: { app: service({ start }) } });
    const error = await lab.plan().catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(/^app: /),
      next: expect.anything(),
    });
    expect(error).toMatchObject({ message: expect.stringContaining(named) });
    // The old release does not need it.
    lab.manifest({ services: { app: service(), back: service({ start }) } });
    expect((await lab.plan({ only: ["app"] })).plan.services[0]).toMatchObject({ service: "app" });
  });

  test("start command not found after the build that was to make it", async () => {
    const ended = await fails({ start: "./made-by-build", build: "true" });
    expect(ended).toMatchObject({ state: "FAILED", failure: { code: "SM-START-NOT-FOUND" } });
    expect(ended.failure?.next).toBeTruthy();
  });

  test("never healthy: the answer and the log are in the failure, the secret in them is not", async () => {
    process.env.LAB_PASSWORD = "correct horse battery";
    const ended = await fails({
      env: { MODE: "never-healthy", PASSWORD: "${secret:LAB_PASSWORD}" },
      startup: "1500ms",
    });
    delete process.env.LAB_PASSWORD;
    expect(ended).toMatchObject({ state: "FAILED", failure: { code: "SM-UNIT-UNHEALTHY", service: "app" } });
    expect(ended.failure?.message).toContain("503");
    expect(ended.failure?.probe).toContain("starting");
    expect(ended.failure?.logs.join("\n")).toContain("listens on");
    expect(JSON.stringify(ended)).not.toContain("correct horse");
    const waited = (await readJournal(lab.engine.store.db, ended.id)).filter(({ key }) => key.startsWith("health:app"));
    expect(waited).toMatchObject([
      { phase: "intent", step: "STARTED" },
      { phase: "outcome", payload: { failed: true } },
    ]);
  });

  test("dies at once", async () => {
    const ended = await fails({ start: "sh -c 'echo out of luck; exit 3'" });
    expect(ended).toMatchObject({ state: "FAILED", failure: { code: "SM-UNIT-DIED" } });
    expect(ended.failure?.message).toContain("code 3");
    expect(ended.failure?.logs).toContain("out of luck");
  });

  test("dies after a while, when it has all requests already: they go back", async () => {
    const ended = await fails({ env: { DIE_AFTER: "4000" } }, { bake: "60s" });
    expect(ended).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-UNIT-DIED" } });
  });

  test("answers with errors as soon as users come", async () => {
    lab.manifest({ services: { app: service({ env: { MODE: "errors" } }) }, strategy: { bake: "60s" } });
    const url = await lab.url();
    const before = await lab.ask("/version");
    let asking = true;
    const users = (async () => {
      while (asking)
        await fetch(url).then(
          (answer) => answer.text(),
          () => "",
        );
    })();
    const ended = await lab.ship();
    asking = false;
    await users;
    expect(ended).toMatchObject({ state: "ROLLED_BACK", failure: { code: "SM-GUARD-ERRORS" } });
    expect(await lab.ask("/version")).toEqual(before);
  });

  test("forks away: what it left behind ends too", async () => {
    const ended = await fails({ env: { MODE: "fork-away" } });
    expect(ended.failure?.code).toBe("SM-UNIT-DIED");
  });

  test("a build that fails", async () => {
    const ended = await fails({ build: "sh -c 'echo cannot compile >&2; exit 2'" });
    expect(ended).toMatchObject({ state: "FAILED", failure: { code: "SM-BUILD-FAILED" } });
    expect(ended.failure?.message).toContain("cannot compile");
  });

  test.each(["rolling", "recreate", "canary"])("%s: never healthy", async (kind) => {
    lab.manifest({
      services: { app: service({ env: { MODE: "never-healthy" }, startup: "1500ms" }) },
      strategy: { kind },
    });
    const ended = await lab.ship();
    expect(["FAILED", "ROLLED_BACK"]).toContain(ended.state);
    expect((await lab.ask("/version")).release).toBe("r1");
    expect(await liveUnits(lab.engine.store.db, { app: "lab", env: "local" })).toHaveLength(1);
  });
});

describe("programs that do not end as they should", () => {
  test("one that ignores SIGTERM is killed after its grace", async () => {
    lab.manifest({ services: { app: service({ env: { MODE: "ignore-term" }, grace: "700ms" }) } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    lab.manifest({ services: { app: service() } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    expect(await appPids()).toHaveLength(1);
  });

  test("children end with their parent, also those that ignore SIGTERM", async () => {
    lab.manifest({ services: { app: service({ env: { MODE: "children" } }) } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    expect(await appPids()).toHaveLength(2);
    lab.manifest({ services: { app: service() } });
    expect((await lab.ship()).state).toBe("SUCCEEDED");
    await until("one process", async () => (await appPids()).length === 1, 5_000);
  });
});

describe("a first deployment that fails leaves nothing", () => {
  test.each([
    { name: "port taken", change: {}, code: "SM-PORT-TAKEN" },
    { name: "never healthy", change: { env: { MODE: "never-healthy" }, startup: "1s" }, code: "SM-UNIT-UNHEALTHY" },
  ])("$name", async ({ change, code }) => {
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => holder.once("listening", done));
    const { port } = holder.address() as { port: number };
    const taken = code === "SM-PORT-TAKEN" ? { port } : {};
    const fresh = await openDeployLab({ services: { app: service({ ...change, ...taken }) } });
    try {
      expect(await fresh.ship()).toMatchObject({ state: "FAILED", failure: { code } });
      expect(await liveUnits(fresh.engine.store.db, { app: "lab", env: "local" })).toEqual([]);
      fresh.manifest({});
      expect((await fresh.ship()).state).toBe("SUCCEEDED");
    } finally {
      await fresh.close();
      holder.close();
    }
  });
});
