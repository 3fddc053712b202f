import { cpSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { runLoad } from "../../../../bench/load.ts";
import { kill, processesOf } from "../../../../test/lab/processes.ts";
import { until } from "../../../../test/lab/until.ts";
import { createLocalHost } from "../../../exec/local-host.ts";
import { ask } from "./ask.ts";
import { filesIn } from "./files.ts";
import { createProxy } from "./proxy.ts";
import {
  context,
  freePort,
  HAPROXY,
  hasHaproxy,
  holdsSockets,
  installNext,
  newRequests,
  pidOf,
  socketsHeld,
  stage,
  unit,
} from "./testing.ts";
import { isOutdated } from "./version.ts";

const haproxy = test.skipIf(!hasHaproxy);
const held = test.skipIf(!holdsSockets);

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
}

/** A proxy with one unit whose sockets are held. */
async function stageHeld(options: Parameters<typeof stage>[0] = {}) {
  const staged = await stage(options);
  const stable = [(await unit("one")).member];
  await staged.set({ stable });
  await socketsHeld(staged.folder);
  return { ...staged, stable };
}

function holderOf(folder: string): number | undefined {
  return processesOf(folder).find(({ command }) => command.includes(`${folder}/listeners.py `))?.pid;
}

function killProxy(folder: string): void {
  for (const pid of [pidOf(folder), ...childrenOf(pidOf(folder))]) kill(pid, "SIGKILL");
}

/** Without those that a keeper started, which have its command line. */
function keepersOf(folder: string) {
  const all = processesOf(folder).filter(({ command }) => command.endsWith(`${folder}/keep.sh stay`));
  const parent = (pid: number) => Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  return all.filter(({ pid }) => !all.some((other) => other.pid === parent(pid)));
}

haproxy("a proxy that was stopped comes back with its routes, and grants that ended stay ended", async () => {
  const { url, set, proxy, folder } = await stage();
  const [one, two] = [(await unit("one")).member, (await unit("two")).member];
  expect(await proxy.ensure(context())).toBe("started");
  expect(await proxy.ensure(context())).toBe("running");
  await set({ stable: [one], candidate: [two], share: 100, until: Date.now() + 6_000 });
  expect((await fetch(url)).headers.get("x-stationmaster-release")).toBe("release of two");
  await proxy.stop(context());
  expect(processesOf(folder)).toEqual([]);
  // A look starts nothing.
  const stored = await until("the grant has ended", async () => {
    const seen = (await proxy.read(context())).web;
    return seen?.share === 0 && seen;
  });
  expect(stored).toMatchObject({ stable: [one], candidate: [two], figures: {} });
  // Another controller, which remembers nothing.
  const other = createProxy({ host: createLocalHost(), folder });
  expect(await other.ensure(context())).toBe("started");
  expect((await fetch(url)).headers.get("x-stationmaster-release")).toBe("release of one");
  expect((await other.read(context())).web).toMatchObject({ share: 0, stable: [one], candidate: [two] });
});

held("killed under load it is back by itself, with what is on disk, and only what was open is lost", async () => {
  const { url, set, proxy, folder } = await stage();
  const [one, two] = [(await unit("one")).member, (await unit("two")).member];
  await set({ stable: [one], candidate: [two], share: 100, until: Date.now() + 1_000 });
  await socketsHeld(folder);
  const ways: [string, () => number[]][] = [
    ["master", () => [pidOf(folder)]],
    ["worker", () => childrenOf(pidOf(folder))],
    ["both", () => [pidOf(folder), ...childrenOf(pidOf(folder))]],
  ];
  for (const [what, victims] of ways) {
    const [before, workers] = [pidOf(folder), childrenOf(pidOf(folder))];
    const end = new AbortController();
    const load = runLoad({ url, rate: 100, signal: end.signal, mix: { getKeepAlive: 2, getNew: 1 } });
    await delay(200);
    const killed = performance.now();
    for (const pid of victims()) kill(pid, "SIGKILL");
    await until("their end", () => !processesOf(folder).some(({ pid }) => [before, ...workers].includes(pid)));
    // From here on every connection is a new one.
    expect(await newRequests(url, 100), what).toEqual({ "200": 100 });
    expect(performance.now() - killed, what).toBeLessThan(15_000);
    await until("another process", () => pidOf(folder) !== before);
    await socketsHeld(folder);
    end.abort();
    const { failed, sent, failures } = await load;
    const others = failures.filter(({ reason }) => !/ECONNRESET|socket hang up|EPIPE/.test(reason));
    expect(others, `${what}: ${failed} of ${sent} requests were lost`).toEqual([]);
    // Fewer than come in a second.
    expect(failed, what).toBeLessThan(100);
  }
  expect((await proxy.read(context())).web).toMatchObject({ share: 0, stable: [one], candidate: [two] });
  expect((await fetch(url)).headers.get("x-stationmaster-release")).toBe("release of one");
  // Never two of them, and a reload or another start is nothing to it.
  await Promise.all([proxy.keep(context()), proxy.keep(context()), proxy.upgrade(context())]);
  await until("one keeper", () => keepersOf(folder).length === 1);
  await proxy.stop(context());
  expect(processesOf(folder)).toEqual([]);
});

held("what holds its sockets comes back by itself and ends with the keeper", async () => {
  const { url, set, proxy, folder, port, stable } = await stageHeld();
  const before = holderOf(folder);
  kill(before ?? 0, "SIGKILL");
  await until("another one", () => ![undefined, before].includes(holderOf(folder)));
  await socketsHeld(folder);
  killProxy(folder);
  expect(await newRequests(url, 20)).toEqual({ "200": 20 });
  // What was started with the sockets of another hands its own on to the next worker.
  const end = new AbortController();
  const load = runLoad({ url, rate: 100, signal: end.signal, mix: { getKeepAlive: 2, getNew: 1 } });
  await proxy.upgrade(context());
  end.abort();
  expect(await load).toMatchObject({ failed: 0, failures: [] });
  // With nothing held it starts as ever.
  await ask(createLocalHost(), filesIn(folder).listeners, ["release"], context().signal);
  killProxy(folder);
  await until("an answer", async () => (await fetch(url)).ok);
  // A port that no route has any more is free at once.
  await set({ stable, listen: [{ port: await freePort(), bind: "127.0.0.1" }] });
  await until("its end", async () => `connect ECONNREFUSED 127.0.0.1:${port}` in (await newRequests(url, 1)), 3_000);
  await socketsHeld(folder);
  kill(keepersOf(folder)[0]?.pid ?? 0, "SIGKILL");
  await until("its end", () => holderOf(folder) === undefined);
});

held("what holds its sockets hangs: the proxy comes back all the same, and ends when it shall", async () => {
  const { url, proxy, folder } = await stageHeld();
  kill(holderOf(folder) ?? 0, "SIGSTOP");
  killProxy(folder);
  await until("an answer", async () => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok, 60_000);
  await socketsHeld(folder);
  killProxy(folder);
  expect(await newRequests(url, 20)).toEqual({ "200": 20 });
  kill(holderOf(folder) ?? 0, "SIGSTOP");
  await proxy.stop(context());
  expect(processesOf(folder)).toEqual([]);
});

held("killed between the new configuration and its reload: an address that moved has its requests", async () => {
  const { url, proxy, folder, port } = await stageHeld();
  const { state, config } = filesIn(folder);
  const moved = (file: string, from: string, to: string) => {
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };
  moved(state, `"127.0.0.1"`, `"0.0.0.0"`);
  moved(config, `bind 127.0.0.1:${port}`, `bind 0.0.0.0:${port}`);
  killProxy(folder);
  await socketsHeld(folder);
  expect(await newRequests(url, 50)).toEqual({ "200": 50 });
  expect((await proxy.read(context())).web?.stable).toHaveLength(1);
});

held("more sockets than one message carries", async () => {
  const { url, set, folder, port } = await stage();
  const other = await freePort();
  const many = Array.from({ length: 260 }, (_, index) => `127.9.${index >> 7}.${1 + (index & 127)}`);
  await set({
    stable: [(await unit("one")).member],
    listen: [{ port, bind: "127.0.0.1" }, ...many.map((bind) => ({ port: other, bind }))],
  });
  await socketsHeld(folder, 261);
  killProxy(folder);
  expect(await newRequests(url, 20)).toEqual({ "200": 20 });
  expect(await newRequests(`http://${many.at(-1)}:${other}`, 5)).toEqual({ "200": 5 });
  await socketsHeld(folder, 261);
});

held("a proxy that does not come back keeps nobody waiting for long", async () => {
  const folder = (await stage()).folder;
  const binary = join(folder, "haproxy");
  cpSync(HAPROXY, binary);
  const { url, folder: own, port } = await stageHeld({ binary });
  rmSync(binary);
  killProxy(own);
  expect(await newRequests(url, 1)).toEqual({ "read ECONNRESET": 1 });
  expect(Object.keys(await newRequests(url, 1))).toEqual([`connect ECONNREFUSED 127.0.0.1:${port}`]);
});

haproxy("one whose keeper was killed gets another, which starts it again too", async () => {
  const { url, set, proxy, folder } = await stage();
  await set({ stable: [(await unit("one")).member] });
  const [keeper] = keepersOf(folder);
  kill(keeper?.pid ?? 0, "SIGKILL");
  await until("it is gone", () => keepersOf(folder).length === 0);
  expect((await fetch(url)).status).toBe(200);
  const before = pidOf(folder);
  await proxy.keep(context());
  await until("another keeper", () => keepersOf(folder).length === 1);
  expect(pidOf(folder)).toBe(before);
  kill(before, "SIGKILL");
  await until("an answer of another process", async () => pidOf(folder) !== before && (await fetch(url)).ok);
});

haproxy("an upgrade runs the program that is installed now", async () => {
  const folder = (await stage()).folder;
  const binary = join(folder, "haproxy");
  cpSync(HAPROXY, binary);
  const { proxy, folder: own, set, url } = await stage({ binary });
  await set({ stable: [(await unit("one")).member] });
  renameSync(binary, `${binary}.old`);
  cpSync(`${binary}.old`, binary);
  await proxy.upgrade(context());
  expect(readlinkSync(`/proc/${pidOf(own)}/exe`)).toBe(binary);
  expect((await fetch(url)).status).toBe(200);
});

haproxy("another version that is installed is seen, and taken up without a failed request", async () => {
  const folder = (await stage()).folder;
  const binary = join(folder, "haproxy");
  cpSync(HAPROXY, binary);
  const { proxy, set, url } = await stage({ binary });
  expect(await proxy.versions(context())).toMatchObject({ running: null });
  await set({ stable: [(await unit("one")).member] });
  const { running } = await proxy.versions(context());
  expect(running).toMatch(/^\d+\.\d+\.\d+/);
  expect(isOutdated(await proxy.versions(context()))).toBe(false);
  const next = installNext(binary, running ?? "");
  expect(await proxy.versions(context())).toEqual({ running, installed: next, renewable: true });
  const end = new AbortController();
  const load = runLoad({ url, rate: 100, signal: end.signal, mix: { getKeepAlive: 2, getNew: 1, postBody: 1 } });
  await proxy.upgrade(context());
  expect(await proxy.versions(context())).toEqual({ running: next, installed: next, renewable: true });
  end.abort();
  expect(await load).toMatchObject({ failed: 0 });
});

haproxy("a program that refuses the configuration takes nothing over", async () => {
  const folder = (await stage()).folder;
  const binary = join(folder, "haproxy");
  cpSync(HAPROXY, binary);
  const { proxy, set, url, folder: own } = await stage({ binary });
  await set({ stable: [(await unit("one")).member] });
  const before = pidOf(own);
  rmSync(binary);
  writeFileSync(binary, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  await expect(proxy.upgrade(context())).rejects.toMatchObject({ code: "SM-PROXY-CONFIG" });
  expect(pidOf(own)).toBe(before);
  expect((await fetch(url)).status).toBe(200);
});

haproxy("a host without HAProxy is told what to install", async () => {
  const { set } = await stage({ binary: "/nowhere/haproxy" });
  await expect(set({})).rejects.toMatchObject({
    code: "SM-PROXY-MISSING",
    message: expect.stringContaining("local: "),
  });
});
