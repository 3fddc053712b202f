import { spawn } from "node:child_process";
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { until } from "../../test/lab/until.ts";
import {
  allByEnvironment,
  endGroup,
  endProcesses,
  findByEnvironment,
  groupMembers,
  groupUsage,
  isAlive,
  isOfThisBoot,
  signalGroup,
  spawnDetached,
  startedAt,
} from "./process.ts";

const folder = mkdtempSync(join(tmpdir(), "stationmaster-exec-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const logFile = join(folder, "out.log");

const start = (code: string, env: Record<string, string> = {}) =>
  spawnDetached({
    argv: [process.execPath, "-e", code],
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", ...env },
    logFile,
  });
const FOR_EVER = "setInterval(() => {}, 1000);";
const DEAF = `process.on('SIGTERM', () => {}); console.log('deaf'); ${FOR_EVER}`;
const PARENT = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(DEAF)}], { stdio: 'ignore' }).unref();`;

describe("a started process", () => {
  test("is known by pid and start, writes to its log and tells how it ended", async () => {
    const child = await start("console.log('hello'); console.error('world'); process.exitCode = 4");
    expect(await child.exited).toEqual({ code: 4, signal: null });
    expect(readFileSync(logFile, "utf8")).toBe("hello\nworld\n");
    expect(await isAlive(child)).toBe(false);
  });

  test("never is another one with the same pid", async () => {
    const child = await start(FOR_EVER);
    const other = { pid: child.pid, started: `${child.started}0` };
    expect(await isAlive(other)).toBe(false);
    expect(await signalGroup(other, "SIGKILL")).toBe(false);
    // A group whose number was given to somebody else is left alone.
    expect(await endGroup(other, 0)).toBe("gone");
    expect(await endGroup({ pid: child.pid, started: "before the last boot:1" }, 0)).toBe("gone");
    expect(await isAlive(child)).toBe(true);
    expect(await endGroup(child, 5_000)).toBe("SIGTERM");
  });

  test("uses memory and time that are counted for its group", async () => {
    const child = await start(FOR_EVER);
    const usage = (await groupUsage([child.pid])).get(child.pid);
    expect(usage?.memoryBytes).toBeGreaterThan(1_000_000);
    await endGroup(child, 5_000);
  });

  test.each([
    { argv: ["no-such-program"], cwd: folder, code: "SM-START-NOT-FOUND" },
    { argv: [join(folder, "missing")], cwd: folder, code: "SM-START-NOT-FOUND" },
    { argv: ["node"], cwd: join(folder, "nowhere"), code: "SM-START-FOLDER" },
    { argv: [logFile], cwd: folder, code: "SM-START-PERMISSION" },
  ])("$code for $argv.0", async ({ argv, cwd, code }) => {
    await expect(spawnDetached({ argv, cwd, env: { PATH: "/bin" }, logFile })).rejects.toMatchObject({
      code,
      exitCode: 2,
    });
  });

  test("starts also when its file is still open for writing for a moment", async () => {
    const program = join(folder, "busy");
    copyFileSync("/bin/true", program);
    const writer = openSync(program, "r+");
    const starting = spawnDetached({ argv: [program], cwd: folder, env: {}, logFile });
    setTimeout(() => closeSync(writer), 200);
    expect(await (await starting).exited).toEqual({ code: 0, signal: null });
  });

  test("needs a log it can write", async () => {
    const options = {
      argv: ["/bin/sh", "-c", "exit 0"],
      cwd: folder,
      env: {},
      logFile: join(folder, "no/such/folder/log"),
    };
    await expect(spawnDetached(options)).rejects.toMatchObject({ code: "SM-LOG-OPEN" });
  });
});

describe("the end of a group", () => {
  test("SIGTERM first; SIGKILL after the grace", async () => {
    const child = await start(DEAF);
    await until("its handler", () => readFileSync(logFile, "utf8").includes("deaf"));
    expect(await endGroup(child, 300)).toBe("SIGKILL");
    expect(await startedAt(child.pid)).toBeUndefined();
  });

  test("children go too, also when their parent is gone already", async () => {
    const child = await start(PARENT);
    await child.exited;
    await until("an orphan", async () => (await groupMembers(child.pid)).length === 1);
    expect(await endGroup(child, 0)).toBe("gone");
    await until("no member", async () => (await groupMembers(child.pid)).length === 0, 5_000);
  });

  test("a wrapper ends first; the program behind it has the grace to finish its work", async () => {
    const done = join(folder, "finished");
    const program = `process.on('SIGTERM', () => setTimeout(() => { require('fs').writeFileSync(${JSON.stringify(done)}, ''); process.exit(); }, 400)); console.log('behind'); ${FOR_EVER}`;
    const wrapper = `process.on('SIGTERM', () => process.exit()); require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(program)}], { stdio: 'inherit' });`;
    const child = await start(wrapper);
    await until("its handler", () => readFileSync(logFile, "utf8").includes("behind"));
    expect(await endGroup(child, 20_000)).toBe("SIGTERM");
    expect(existsSync(done)).toBe(true);
    expect(await groupMembers(child.pid)).toEqual([]);
  });

  test("one that left the group is found by the environment it inherited", async () => {
    const mark = `mark-${process.pid}`;
    const daemon = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(DEAF)}], { stdio: 'ignore', detached: true }).unref();`;
    const child = await start(daemon, { MARK: mark });
    await child.exited;
    const found = await until("the daemon", async () => {
      const all = await allByEnvironment("MARK", mark);
      return all.length === 1 && all;
    });
    expect(await findByEnvironment("MARK", mark)).toMatchObject({ pid: found[0]?.pid });
    await endProcesses(found, 200);
    await until("its end", async () => (await allByEnvironment("MARK", mark)).length === 0, 5_000);
  });

  test("a zombie counts as ended", async () => {
    // A parent that never waits for its child: `sh` replaced by `sleep`.
    const parent = spawn("/bin/sh", ["-c", "true & exec sleep 60"], { stdio: "ignore" });
    const zombie = await until("a zombie", () => {
      const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, "utf8").trim();
      const state = children && /^State:\s*(\w)/m.exec(readFileSync(`/proc/${children}/status`, "utf8"))?.[1];
      return state === "Z" && Number(children);
    });
    expect(await startedAt(zombie)).toBeUndefined();
    parent.kill("SIGKILL");
  });
});

test("a process of before the last start of the machine is told apart; one that ended at once was started since", async () => {
  const mine = (await startedAt(process.pid)) ?? "";
  expect(await isOfThisBoot(mine)).toBe(true);
  expect(await isOfThisBoot("ended")).toBe(true);
  if (process.platform !== "linux") return;
  expect(await isOfThisBoot("00000000:1")).toBe(false);
});
