import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runLoad } from "../../bench/load.ts";
import { Status } from "../../src/contract/status.ts";
import type { Command } from "../lab/command.ts";
import { daemonUrl, startDaemon } from "../lab/daemon.ts";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { kill } from "../lab/processes.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const HEALTH = { path: "/health", every: "500ms", timeout: "2s" };

const up = async (lab: Lab): Promise<Command> => (await startDaemon(lab)).command;

const ask = async (lab: Lab): Promise<Status> =>
  Status.parse(await (await fetch(`${daemonUrl(lab)}/api/status`, { signal: AbortSignal.timeout(10_000) })).json());
const pidOf = (lab: Lab, part: string) => lab.processes().find(({ command }) => command.includes(part))?.pid ?? 0;

describe("a day of a daemon", () => {
  let lab: Lab;
  let daemon: Command;
  beforeAll(async () => {
    lab = await openLab({ store: "embedded", services: { app: service({ health: HEALTH, replicas: 2 }) } });
    daemon = await up(lab);
  });
  afterAll(() => lab.close());

  test("it deploys, watches and says so, the same by command and by API", async () => {
    const status = await until("healthy", async () => {
      const now = await ask(lab);
      return now.services[0]?.state === "healthy" && now;
    });
    expect(status).toMatchObject({ project: "lab", daemon: { running: true, pid: daemon.child.pid } });
    const { services } = await lab.status();
    expect(services[0]?.replicas.map(({ pid }) => pid)).toEqual(status.services[0]?.replicas.map(({ pid }) => pid));
  });

  test("a second daemon on the directory is refused, and so is a port that is taken", async () => {
    const second = await lab.run(["up", "--port", "0"]);
    expect(second).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error SM-DAEMON-RUNNING: .*stationmaster down/),
    });
    const other = await openLab();
    const squatter = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => squatter.once("listening", done));
    try {
      const { port } = squatter.address() as { port: number };
      const taken = await other.run(["up", "--port", String(port)]);
      expect(taken.code).toBeGreaterThan(0);
      expect(taken.stderr).toMatch(/^error SM-[A-Z-]*PORT[A-Z-]*: .*\n$/);
      expect(other.processes()).toEqual([]);
    } finally {
      squatter.close();
      await other.close();
    }
  });

  test("a manifest in which only checks changed ships nothing, and the daemon takes them over", async () => {
    const services = { app: service({ health: HEALTH, replicas: 2 }) };
    const checks = { extra: { url: `${await lab.url()}/version`, every: "1s" } };
    lab.manifest({ services, manifest: { checks } });
    const { code, stdout } = await lab.run(["deploy", "local", "--yes"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("nothing to deploy") });
    const listed = await lab.run(["checks", "--json"]);
    expect(listed.stdout).toContain(`"local/check/extra"`);
    lab.manifest({ services });
    await lab.run(["deploy", "local", "--yes"]);
  });

  test("a deployment through it, and a rollback", async () => {
    lab.write("version.txt", "two");
    const { rollout, stderr } = await lab.deploy();
    expect(rollout).toMatchObject({ state: "SUCCEEDED", failure: null });
    expect(stderr).toBe("");
    expect(rollout.journal.length).toBeGreaterThan(10);
    expect(JSON.parse((await lab.ask("/version")).body)).toMatchObject({ text: "two", release: rollout.release });
    const back = await lab.run(["rollback", "local", "--yes", "--json"]);
    expect(JSON.parse(back.stdout)).toMatchObject({ state: "SUCCEEDED", release: "r1" });
  });

  test("a killed replica is healed, and users of the other one notice nothing", async () => {
    const url = await lab.url();
    const end = new AbortController();
    const load = runLoad({ url, rate: 30, signal: end.signal });
    const victim = (await ask(lab)).services[0]?.replicas[0]?.pid ?? 0;
    kill(victim, "SIGKILL");
    const healed = await until(
      "two replicas again",
      async () => {
        const now = await ask(lab);
        const pids = now.services[0]?.replicas.filter(({ state }) => state === "running").map(({ pid }) => pid) ?? [];
        return pids.length === 2 && !pids.includes(victim) && now.services[0]?.state === "healthy" && now;
      },
      60_000,
    );
    end.abort();
    const { failed, failures } = await load;
    // Only what was under way on the killed process may be lost.
    expect(failed, JSON.stringify(failures)).toBeLessThanOrEqual(2);
    expect(healed.incidents[0]?.actions.map(({ remedy }) => remedy)).toContain("restart");
  });

  test("the store is killed: the application goes on, and the daemon gets its store back by itself", async () => {
    const url = await lab.url();
    const before = (await ask(lab)).services[0]?.replicas.map(({ pid }) => pid);
    kill(pidOf(lab, "bin/postgres"), "SIGKILL");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`${url}/version`).then(({ status }) => status)),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    const after = await until("the store", () => ask(lab), 60_000);
    expect(after.services[0]?.replicas.map(({ pid }) => pid)).toEqual(before);
    lab.write("version.txt", "three");
    expect((await until("a deployment", () => lab.deploy(), 60_000)).rollout.state).toBe("SUCCEEDED");
  });

  test("a killed router comes back with its routes", async () => {
    const url = await lab.url();
    const before = pidOf(lab, "/router/");
    kill(before, "SIGKILL");
    await until("an answer", async () => (await fetch(`${url}/version`)).ok, 30_000);
    expect(pidOf(lab, "/router/")).not.toBe(before);
  });

  test("killed in the middle of a deployment and started again: the rollout has an end, users noticed nothing", async () => {
    lab.manifest({ services: { app: service({ health: HEALTH, replicas: 2 }) }, strategy: { bake: "3s" } });
    lab.write("version.txt", "four");
    const end = new AbortController();
    const load = runLoad({
      url: await lab.url(),
      rate: 30,
      signal: end.signal,
      mix: { getKeepAlive: 1, getNew: 1, postBody: 1 },
    });
    const deploy = lab.start(["deploy", "local", "--yes"]);
    await until("the bake", () => deploy.said().includes("BAKING"));
    kill(daemon.child.pid ?? 0, "SIGKILL");
    expect((await deploy.done).code).toBeGreaterThan(0);
    await daemon.done;
    daemon = await up(lab);
    const status = await ask(lab);
    expect(status.rollouts[0]).toMatchObject({ state: "SUCCEEDED", endedAt: expect.any(String) });
    end.abort();
    expect(await load).toMatchObject({ failed: 0, failures: [] });
    expect(lab.processes().filter(({ command }) => command.includes("app.mjs"))).toHaveLength(2);
    expect(JSON.parse((await lab.ask("/version")).body)).toMatchObject({ text: "four" });
  });

  test("a manifest that broke meanwhile stops a deployment and nothing else", async () => {
    const file = join(lab.root, "stationmaster.yaml");
    const good = readFileSync(file, "utf8");
    const before = await lab.ask("/version");
    writeFileSync(file, good.replace("health:", "helth:"));
    const { code, stderr } = await lab.run(["deploy", "local", "--yes"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/SM-CONFIG-KEY: .*:\d+: unknown key "helth"/);
    writeFileSync(file, good);
    expect((await lab.ask("/version")).status).toBe(before.status);
  });

  test("Ctrl-C stops all it started", async () => {
    daemon.child.kill("SIGINT");
    expect((await daemon.done).code).toBe(0);
    expect(lab.processes()).toEqual([]);
  });

  test("in the background: up --detach, then down", async () => {
    const started = await lab.run(["up", "--detach", "--port", "0", "--json"]);
    expect(started).toMatchObject({ code: 0 });
    expect(JSON.parse(started.stdout)).toMatchObject({
      url: expect.stringContaining("http://127.0.0.1:"),
      pid: expect.any(Number),
    });
    expect((await lab.status()).services[0]).toMatchObject({ state: "healthy" });
    expect((await lab.run(["down"])).code).toBe(0);
    await until("no process", () => lab.processes().length === 0, 5_000);
    const { stdout } = await lab.run(["up", "--detach", "--port", "0"]);
    expect(stdout).toMatch(
      /^healthy app http:\S+ \(\S+\)\nrunning as pid \d+: http:\S+ · stationmaster down .*--state /,
    );
    expect((await lab.run(["down"])).code).toBe(0);
  });
});

test("what cannot come up says so in one line and leaves nothing", async () => {
  const lab = await openLab({ services: { app: service({ env: { MODE: "never-healthy" }, startup: "1s" }) } });
  try {
    const { code, stderr } = await lab.run(["up", "--port", "0"]);
    expect(code).toBe(1);
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^error SM-UNIT-UNHEALTHY: .*503/);
    expect(lab.processes()).toEqual([]);
  } finally {
    await lab.close();
  }
});
