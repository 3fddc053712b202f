import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadPins, PinsSchema } from "../../generate/pins.ts";
import { startRegistry, startReleases } from "../../generate/update-pins/testing.ts";
import { run as generate } from "./generate.ts";
import { run } from "./update-pins.ts";

const NEWER = "b".repeat(40);
let folder: string;
let github: Awaited<ReturnType<typeof startReleases>>;
let registry: Awaited<ReturnType<typeof startRegistry>>;
let printed: string;
const file = () => join(folder, ".stationmaster", "pins.json");

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "update-pins-"));
  github = await startReleases(
    { "actions/checkout": [{ tag: "v7.5.0", commit: NEWER, published: "2026-01-01" }] },
    { hourly: 1_000 },
  );
  registry = await startRegistry({ "library/alpine": { "3.22.9": "2026-01-01" } });
  // Only the addresses are others: what is asked, and by which rules it is answered, is the same.
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", (address: string, init?: RequestInit) => {
    const { host, pathname, search } = new URL(address);
    const to = host === "api.github.com" ? github.url : host.startsWith("127.") ? `http://${host}` : registry.url;
    return real(`${to}${pathname}${search}`, init);
  });
  vi.stubEnv("GITHUB_TOKEN", "");
  printed = "";
  const take = (text: unknown) => {
    printed += String(text);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(take);
  vi.spyOn(process.stderr, "write").mockImplementation(take);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([github.stop(), registry.stop()]);
});

test("shows each change, says what was kept and why, and writes the table", async () => {
  await run({}, folder);
  const before = loadPins();
  const { version, commit } = before.actions["actions/checkout"] ?? { version: "", commit: "" };
  expect(printed).toContain(`actions/checkout\n- ${version} ${commit}\n+ v7.5.0 ${NEWER}\n`);
  expect(printed).toMatch(/^alpine 3\.22\n- alpine:3\.22\.\S+\n\+ alpine:3\.22\.9@sha256:[0-9a-f]{64}$/m);
  expect(printed).toMatch(
    /^kept (?:[\w.-]+ [\w.-]+, )+[\w.-]+ [\w.-]+ and \d+ more: registry-1\.docker\.io answers 404$/m,
  );
  expect(printed).toContain("wrote .stationmaster/pins.json; run stationmaster generate");
  const written = PinsSchema.parse(JSON.parse(readFileSync(file(), "utf8")));
  expect(written.actions["actions/checkout"]).toMatchObject({ version: "v7.5.0", commit: NEWER });
  expect(written.images.python).toEqual(before.images.python);
  // Not all was looked up, so that the table is as old as it was.
  expect(written.date).toBe(before.date);
  expect(loadPins(written).actions["actions/checkout"]?.version).toBe("v7.5.0");
  expect(readdirSync(join(folder, ".stationmaster"))).toEqual(["pins.json"]);
  expect(process.exitCode).toBeUndefined();
});

test("--diff writes nothing", async () => {
  await run({ diff: true }, folder);
  expect(printed).toContain(`+ v7.5.0 ${NEWER}`);
  expect(existsSync(file())).toBe(false);
});

test("--json is one document", async () => {
  await run({ json: true }, folder);
  const { written, changes, ...rest } = JSON.parse(printed);
  expect(rest).toEqual({ file: ".stationmaster/pins.json", date: loadPins().date });
  expect(written).toBe(true);
  expect(changes).toContainEqual(expect.objectContaining({ name: "actions/checkout", after: `v7.5.0 ${NEWER}` }));
  expect(changes).toContainEqual(
    expect.objectContaining({ name: "python 3.13", after: null, problem: expect.any(String) }),
  );
});

test("nobody to ask: nothing is written, and the program fails", async () => {
  github.faults.set("/", { status: 500 });
  registry.faults.set("/", { status: 500 });
  await run({}, folder);
  expect(existsSync(file())).toBe(false);
  expect(process.exitCode).toBe(1);
  expect(printed).toMatch(/^kept (?:[^,\n]+, ){4}[^,\n]+ and \d+ more: /m);
  expect(printed).toContain("nothing could be looked up: every pin stays as it is");
});

test.each(["{", '{"date": "long ago"}'])("a file that is no table of pins is told of: %s", async (text) => {
  mkdirSync(join(folder, ".stationmaster"));
  writeFileSync(file(), text);
  await run({}, folder);
  expect(printed).toContain("is no table of pins");
  expect(PinsSchema.safeParse(JSON.parse(readFileSync(file(), "utf8"))).success).toBe(true);
});

test("a table that is old is told of", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-06-01T00:00:00Z") });
  try {
    await run({ diff: true }, folder);
  } finally {
    vi.useRealTimers();
  }
  expect(printed).toMatch(/the versions of images and actions are \d+ days old/);
});

test.each([
  ["2027-06-01", true],
  [loadPins().date, false],
])("generate on %s tells of it: %s", async (today, told) => {
  writeFileSync(
    join(folder, "package.json"),
    '{"scripts": {"start": "node server.js"}, "dependencies": {"express": "4"}}',
  );
  writeFileSync(join(folder, "server.js"), 'require("express")().listen(3000);\n');
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(`${today}T12:00:00Z`) });
  try {
    await generate({ diff: true }, [folder]);
  } finally {
    vi.useRealTimers();
  }
  expect(printed).toContain("Dockerfile");
  expect(printed.includes("days old: run stationmaster update-pins")).toBe(told);
});

test("Ctrl-C ends it, and writes nothing", async () => {
  github.faults.set("/releases", "hang");
  const running = run({}, folder);
  setTimeout(() => process.emit("SIGINT"), 200);
  await expect(running).rejects.toThrow("stopped; nothing was written");
  expect(existsSync(file())).toBe(false);
  expect(process.listenerCount("SIGINT")).toBe(0);
});
