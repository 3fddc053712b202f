import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../../test/lab/until.ts";
import type { LogLine } from "../../contract/requests.ts";
import { followLog, rotateLog, tailLog } from "./logs.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-logs-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = () => join(root, "unit.log");

test("the last lines, also across a rotation, long ones cut", async () => {
  writeFileSync(`${file()}.1`, "1\n2\n3\n");
  writeFileSync(file(), `4\n${"x".repeat(20_000)}\n`);
  const lines = await tailLog("u", file(), 3);
  expect(lines.map(({ text }) => text.length)).toEqual([1, 1, 8_000]);
  expect(lines[0]?.text).toBe("3");
  expect(await tailLog("u", join(root, "absent.log"), 3)).toEqual([]);
});

test("are followed through a rotation, and a letter cut in two comes whole", async () => {
  const seen: LogLine[] = [];
  const end = new AbortController();
  writeFileSync(file(), "before\n");
  const following = followLog("u", file(), { lines: 0, onLine: (line) => seen.push(line), signal: end.signal });
  await new Promise((done) => setTimeout(done, 300));
  const euro = Buffer.from("one €\n");
  appendFileSync(file(), euro.subarray(0, 5));
  await new Promise((done) => setTimeout(done, 500));
  appendFileSync(file(), euro.subarray(5));
  await until("the first line", () => seen.length === 1);
  truncateSync(file(), 0);
  appendFileSync(file(), "2\n");
  await until("the second line", () => seen.length === 2);
  end.abort();
  await following;
  expect(seen.map(({ text }) => text)).toEqual(["one €", "2"]);
});

test.each([
  { lines: 0, first: [] },
  { lines: 2, first: ["b", "c"] },
  { lines: 9, first: ["a", "b", "c"] },
  { lines: Number.POSITIVE_INFINITY, first: ["a", "b", "c"] },
])(
  "followed from the last $lines lines, with the words of one that died in the middle of a line",
  async ({ lines, first }) => {
    const seen: LogLine[] = [];
    const end = new AbortController();
    writeFileSync(file(), "a\nb\nc\nbeg");
    const following = followLog("u", file(), { lines, onLine: (line) => seen.push(line), signal: end.signal });
    await until("the last lines", () => seen.length === first.length);
    await new Promise((done) => setTimeout(done, 300));
    appendFileSync(file(), "un\nd\nits last wor");
    await until("the new lines", () => seen.length === first.length + 2);
    await new Promise((done) => setTimeout(done, 500));
    end.abort();
    await following;
    expect(seen.map(({ text }) => text)).toEqual([...first, "begun", "d", "its last wor"]);
  },
);

test("what is not written yet is followed from its first byte, a long file from its end", async () => {
  const seen: LogLine[] = [];
  const end = new AbortController();
  const options = { lines: 1, onLine: (line: LogLine) => seen.push(line), signal: end.signal };
  writeFileSync(join(root, "long.log"), `${"x".repeat(79)}\n`.repeat(10_000));
  const following = [followLog("new", file(), options), followLog("long", join(root, "long.log"), options)];
  await until("the last line", () => seen.length === 1);
  writeFileSync(file(), "1\n2\n");
  await until("the first lines", () => seen.length === 3);
  end.abort();
  await Promise.all(following);
  expect(seen.map(({ replica, text }) => [replica, text.length])).toEqual([
    ["long", 79],
    ["new", 1],
    ["new", 1],
  ]);
});

test("rotation keeps three old ones and the writer's open file", async () => {
  const big = "y".repeat(10_000_001);
  for (let i = 0; i < 5; i++) {
    appendFileSync(file(), big);
    await rotateLog(file());
    expect(readFileSync(file(), "utf8")).toBe("");
  }
  expect([1, 2, 3, 4].map((n) => existsSync(`${file()}.${n}`))).toEqual([true, true, true, false]);
});

test("a full disk: the log is emptied even when there is no room to keep it", async () => {
  appendFileSync(file(), "y".repeat(10_000_001));
  mkdirSync(`${file()}.1/occupied`, { recursive: true });
  mkdirSync(`${file()}.2/occupied`, { recursive: true });
  mkdirSync(`${file()}.3/occupied`, { recursive: true });
  await rotateLog(file());
  expect(readFileSync(file(), "utf8")).toBe("");
});
