import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import type { Command } from "../../test/lab/command.ts";
import { type Lab, openLab, service } from "../../test/lab/lab.ts";
import { kill } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";
import { startEmbedded } from "../store/embedded.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let lab: Lab;
afterEach(() => lab.close());

const daemonFile = () => join(lab.state, "daemon.json");
const daemonUrl = (): string => JSON.parse(readFileSync(daemonFile(), "utf8")).url;
const pidOf = (part: string) => lab.processes().find(({ command }) => command.includes(part))?.pid;

async function up(): Promise<Command> {
  const command = lab.start(["up", "--port", "0"]);
  const ready = until("the daemon", () => command.said().includes("ready: "), 60_000);
  await Promise.race([ready, command.done.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  return command;
}

test("stopped at any moment of its start it leaves nothing and says that is no failure", async () => {
  lab = await openLab({ store: "embedded", services: { app: service(), other: service() } });
  const moments: [string, () => unknown][] = [
    ["the lock", () => existsSync(daemonFile())],
    ["the database", () => existsSync(join(lab.state, "db", "data", "postmaster.pid"))],
    ["the server", () => existsSync(daemonFile()) && daemonUrl()],
    ["the router", () => pidOf("/router/main.ts")],
    ["a service", () => pidOf("app.mjs")],
  ];
  for (const [what, reached] of moments) {
    const command = lab.start(["up", "--port", "0"]);
    await until(what, reached);
    command.child.kill("SIGINT");
    expect(await command.done, what).toMatchObject({ code: 0, stderr: expect.not.stringContaining("error ") });
    expect(lab.processes(), what).toEqual([]);
    expect(existsSync(daemonFile()), what).toBe(false);
  }
});

test("a dashboard that asks all the time keeps nothing alive", async () => {
  lab = await openLab({ store: "embedded" });
  const command = await up();
  const url = daemonUrl();
  const gone = new AbortController();
  const events = await fetch(`${url}/api/events`, { signal: gone.signal });
  const asking = Array.from({ length: 4 }, async () => {
    while (!gone.signal.aborted) await fetch(`${url}/api/status`, { signal: gone.signal }).catch(() => delay(5));
  });
  await delay(300);
  command.child.kill("SIGINT");
  expect(await command.done).toMatchObject({ code: 0, stderr: expect.not.stringContaining("error ") });
  expect(lab.processes()).toEqual([]);
  gone.abort();
  await Promise.all(asking);
  await events.body?.cancel().catch(() => {});
});

test("down says so where only the database was left, as by a command that was killed", async () => {
  lab = await openLab({ store: "embedded" });
  await startEmbedded({ dir: join(lab.state, "db") });
  expect((await lab.run(["down"])).stdout).toMatch(
    /^no service was running; ended the database of Stationmaster; data /,
  );
  expect(lab.processes()).toEqual([]);
  expect((await lab.run(["down"])).stdout).toMatch(/^nothing was running; data /);
});

test("with a store that cannot be had again it stops the services all the same", async () => {
  lab = await openLab({ store: "embedded" });
  const command = await up();
  rmSync(join(lab.state, "db", "data", "postgresql.conf"));
  kill(pidOf("bin/postgres") ?? 0, "SIGKILL");
  command.child.kill("SIGINT");
  await command.done;
  expect(lab.processes()).toEqual([]);
  expect(existsSync(daemonFile())).toBe(false);
});

test("a second Ctrl-C does not wait for services that do not want to end", async () => {
  lab = await openLab({ services: { app: service({ env: { MODE: "ignore-term" }, grace: "10m" }) } });
  const command = await up();
  command.child.kill("SIGINT");
  await until("the stop", () => command.said().includes("stopping"));
  await delay(2_000);
  expect(command.child.exitCode).toBeNull();
  command.child.kill("SIGINT");
  expect((await command.done).stderr).toContain("stopping at once");
  expect(lab.processes()).toEqual([]);
});

test("a terminal that is gone does not keep it from stopping all it started", async () => {
  lab = await openLab({ store: "embedded" });
  const command = await up();
  command.child.stdout?.destroy();
  command.child.stderr?.destroy();
  command.child.kill("SIGHUP");
  await until("its end", () => command.child.exitCode !== null || command.child.signalCode !== null);
  expect(command.child.exitCode).toBe(0);
  expect(lab.processes()).toEqual([]);
});

test("what makes serving impossible is found before a database is made", async () => {
  lab = await openLab({ store: "embedded" });
  const squatter = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => squatter.once("listening", done));
  const { port } = squatter.address() as { port: number };
  const taken = await lab.run(["up", "--port", String(port)]);
  const open = await lab.run(["up", "--port", "0", "--host", "0.0.0.0"], { env: { STATIONMASTER_TOKEN: undefined } });
  squatter.close();
  expect(taken).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error SM-PORT-TAKEN: .*\n$/) });
  expect(open).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error SM-SERVER-TOKEN: .*\n$/) });
  expect(existsSync(join(lab.state, "db"))).toBe(false);
});

test("in the background: a second start leaves the first's log alone, and down waits for the end of the process", async () => {
  lab = await openLab({ services: { app: service({ env: { MODE: "ignore-term" }, grace: "2s" }) } });
  expect(await lab.run(["up", "--detach", "--port", "0"])).toMatchObject({ code: 0 });
  const log = () => readFileSync(join(lab.state, "daemon.log"), "utf8");
  const before = log();
  expect(before).toContain("ready: ");
  const second = await lab.run(["up", "--detach", "--port", "0"]);
  expect(second).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error SM-DAEMON-RUNNING: .*\n$/) });
  expect(log().startsWith(before)).toBe(true);
  const down = await lab.run(["down"]);
  expect(down).toMatchObject({ code: 0, stdout: `stopped; data stays in ${lab.state}\n` });
  expect(lab.processes()).toEqual([]);
});

test("two environments without a daemon: each keeps its releases, down ends one or all", async () => {
  const environments = { one: { platform: "local" }, two: { platform: "local" } };
  const strategy = { kind: "recreate", bake: "0s" };
  const manifest = {
    environments: Object.fromEntries(
      Object.entries(environments).map(([name, value]) => [name, { ...value, strategy }]),
    ),
  };
  lab = await openLab({ manifest });
  const deploy = async (environment: string) =>
    expect(await lab.run(["deploy", environment, "--yes", "--json"])).toMatchObject({ code: 0 });
  const release = async (environment: string) =>
    JSON.parse((await lab.run(["--env", environment, "status", "--json"])).stdout).services[0];
  await deploy("one");
  const first = await release("one");
  for (let count = 0; count < 5; count++) {
    lab.write("version.txt", `two ${count}`);
    await deploy("two");
  }
  expect(existsSync(join(lab.state, "releases", first.release, "files"))).toBe(true);
  const rest = await lab.run(["--env", "one", "down"]);
  expect(rest.stdout).toMatch(/^stopped; two goes on; data stays in /);
  expect((await release("two")).replicas).toMatchObject([{ state: "running" }]);
  expect(pidOf("/router/main.ts")).toBeDefined();
  expect(await lab.run(["down"])).toMatchObject({ code: 0 });
  expect(lab.processes()).toEqual([]);
});
