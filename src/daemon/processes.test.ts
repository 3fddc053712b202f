import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { judgeUnit, lookAtProcess } from "./processes.ts";
import { createRestartCounter, RESTART_WINDOW_MS } from "./restart-counter.ts";

let folder: string;
const signal = AbortSignal.timeout(60_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stationmaster-pid-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a file with a process id: alive, replaced, ended, not there, without one", async () => {
  const path = join(folder, "app.pid");
  const restarts = createRestartCounter();
  const look = (now: number) => lookAtProcess({ pid_file: path }, { restarts, now, signal });
  expect(await look(0)).toMatchObject({ alive: 0, expected: 1, detail: `${path} is not there` });
  writeFileSync(path, "soon");
  expect(await look(1)).toMatchObject({ alive: 0, detail: `${path} holds no process id` });
  const [first, second] = [0, 1].map(() => spawn("sleep", ["60"], { stdio: "ignore" }));
  writeFileSync(path, `${first?.pid}\n`);
  expect(await look(2)).toEqual({ alive: 1, expected: 1, detail: null, restarts: 0 });
  writeFileSync(path, `${second?.pid}`);
  expect(await look(3)).toMatchObject({ alive: 1, restarts: 1 });
  expect(await look(3 + RESTART_WINDOW_MS)).toMatchObject({ alive: 1, restarts: 0 });
  for (const child of [first, second]) {
    child?.kill("SIGKILL");
    if (child) await once(child, "exit");
  }
  expect(await look(4)).toMatchObject({ alive: 0, detail: `the process ${second?.pid} of ${path} is gone` });
});

test.each([
  ["active", "running", { alive: 1, detail: null, total: 2 }],
  ["reloading", "reload", { alive: 1, total: 2 }],
  ["activating", "auto-restart", { alive: 0, detail: "app.service is activating (auto-restart, exit-code)" }],
  ["failed", "failed", { alive: 0, detail: "app.service is failed (failed, exit-code)" }],
])("a unit that is %s (%s)", (active, sub, expected) => {
  const shown = `NRestarts=2\nLoadState=loaded\nActiveState=${active}\nSubState=${sub}\nResult=exit-code\n`;
  expect(judgeUnit("app.service", shown)).toMatchObject(expected);
});

test("a unit that nobody knows", () => {
  const shown = "NRestarts=0\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nResult=success\n";
  expect(judgeUnit("app.service", shown)).toMatchObject({ alive: 0, detail: "there is no unit app.service" });
});

test("without systemd nobody can say", async () => {
  const look = lookAtProcess(
    { unit: "no-such-unit-of-ours.service" },
    { restarts: createRestartCounter(), now: 0, signal },
  );
  const outcome = await look.then(
    ({ alive }) => alive,
    ({ code }) => code,
  );
  expect([0, "SM-SYSTEMD", "SM-EXEC-START"]).toContain(outcome);
});

describe("restarts", () => {
  test("are counted from totals and from changes, for ten minutes", () => {
    const { note } = createRestartCounter();
    expect([note("a", 7, 0), note("a", 9, 1), note("a", 9, 2), note("a", 1, 3), note("a", 2, 4)]).toEqual([
      0, 2, 2, 2, 3,
    ]);
    expect(note("a", 2, 2 + RESTART_WINDOW_MS)).toBe(1);
    expect([note("b", "x", 0), note("b", "y", 1), note("b", "x", 2)]).toEqual([0, 1, 2]);
  });
});
