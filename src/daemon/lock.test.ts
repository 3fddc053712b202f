import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDaemon, runningDaemon } from "./lock.ts";
import { findPlace, type Place } from "./place.ts";

const STARTERS = 6;
const ROUNDS = 30;
const DEAD = { started: "long ago", url: null, environment: null, token: null, startedAt: "2026-03-01T12:00:00.000Z" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stationmaster-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function placeOf(name: string, left?: string): Place {
  const state = join(folder, name);
  mkdirSync(state);
  if (left !== undefined) writeFileSync(join(state, "daemon.json"), left);
  return findPlace({ config: join(folder, "stationmaster.yaml"), state }, {});
}

/** A process that, at the same moment as its like, tries to become the daemon of each round's folder, and then lives on. */
const STARTER = `
import { findPlace } from ${JSON.stringify(new URL("./place.ts", import.meta.url).href)};
import { lockDaemon } from ${JSON.stringify(new URL("./lock.ts", import.meta.url).href)};
process.stdout.write("ready\\n");
process.stdin.once("data", async () => {
  const won = [];
  for (let round = 0; round < ${ROUNDS}; round++) {
    const place = findPlace({ config: "x.yaml", state: ${JSON.stringify("FOLDER")} + "/" + round }, {});
    await lockDaemon(place).then(() => won.push(round), (error) => { if (error.code !== "SM-DAEMON-RUNNING") throw error; });
  }
  process.stdout.write(JSON.stringify(won) + "\\n");
});`;

function starter() {
  const code = STARTER.replace("FOLDER", folder);
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const line = async (index: number): Promise<string> => {
    for (;;) {
      const lines = said.split("\n");
      if (lines.length > index + 1) return lines[index] ?? "";
      if (child.exitCode !== null) throw new Error(`a starter ended with ${child.exitCode}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  };
  return { child, line };
}

test("of many that find what a dead daemon left, exactly one becomes the daemon", async () => {
  const dead = JSON.stringify({ pid: 999_999, ...DEAD });
  for (let round = 0; round < ROUNDS; round++) placeOf(String(round), ["", "{", dead][round % 3]);
  const starters = Array.from({ length: STARTERS }, starter);
  try {
    await Promise.all(starters.map(({ line }) => line(0)));
    for (const { child } of starters) child.stdin.write("go\n");
    const won = await Promise.all(starters.map(async ({ line }): Promise<number[]> => JSON.parse(await line(1))));
    const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
    expect(won.flat().sort((a, b) => a - b)).toEqual(rounds);
    for (const round of rounds) {
      const winner = starters[won.findIndex((list) => list.includes(round))]?.child.pid;
      expect(JSON.parse(readFileSync(join(folder, String(round), "daemon.json"), "utf8"))).toMatchObject({
        pid: winner,
      });
      expect(readdirSync(join(folder, String(round)))).toEqual(["daemon.json"]);
    }
  } finally {
    for (const { child } of starters) child.kill("SIGKILL");
  }
});

test("a daemon releases and announces its own file only", async () => {
  const place = placeOf("own");
  const lock = await lockDaemon(place);
  lock.announce({ url: "http://127.0.0.1:1", environment: "local", token: undefined });
  expect(await runningDaemon(place)).toMatchObject({
    pid: process.pid,
    url: "http://127.0.0.1:1",
    environment: "local",
  });
  await expect(lockDaemon(place)).rejects.toMatchObject({ code: "SM-DAEMON-RUNNING" });
  const another = JSON.stringify({ pid: process.ppid, ...DEAD });
  writeFileSync(place.daemonFile, another);
  lock.announce({ url: "http://127.0.0.1:2", environment: "local", token: undefined });
  lock.release();
  expect(readFileSync(place.daemonFile, "utf8")).toBe(another);
});
