import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Pins } from "../pins.ts";
import { updatePins } from "../update-pins.ts";
import { startIndexes } from "./testing.ts";

const npm: Record<string, Record<string, string>> = {};
let indexes: Awaited<ReturnType<typeof startIndexes>>;

beforeEach(async () => {
  npm.pnpm = {
    "8.15.9": "2026-01-01",
    "8.16.0": "2026-09-01",
    "10.1.0": "2026-08-01",
    "10.2.0": "2026-11-01",
    "10.3.0": "2026-11-20",
    "10.9.0": "-2026-10-01",
    "10.8.0-rc.1": "2026-10-01",
    "11.0.0": "2026-10-01",
  };
  npm["@railway/cli"] = { "5.0.0": "2026-01-01", "5.1.0": "2026-02-01" };
  const python = {
    uv: { "0.13.0": "2026-08-01", "0.14.0": "2026-10-01", "0.15.0": "-2026-10-02", "0.14.1rc1": "2026-10-02" },
  };
  indexes = await startIndexes({ npm, python });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await indexes.stop();
});

const TOOLS: Pins["tools"] = {
  goose: { version: "3.27.0", source: "Go module proxy, for Go 1.25" },
  pnpm: { version: "10.1.0", source: "npm registry" },
  "pnpm-8": { version: "8.15.9", source: "npm registry" },
  railway: { version: "5.0.0", source: "npm registry, @railway/cli" },
  uv: { version: "0.13.0", source: "Python Package Index" },
};
const run = (given: Partial<Parameters<typeof updatePins>[1]> = {}, tools = TOOLS) =>
  updatePins(
    { date: "2026-08-01", images: {}, defaults: {}, actions: {}, tools },
    {
      today: "2026-11-22",
      major: false,
      signal: new AbortController().signal,
      registries: { "pypi.org": indexes.url },
      npm: indexes.url,
      deadlineMs: 1_000,
      ...given,
    },
  );
const versions = ({ tools }: Pins) =>
  Object.fromEntries(Object.entries(tools).map(([name, pin]) => [name, pin.version]));

test("the newest of the same major that is a week old and was not taken back", async () => {
  const { pins, changes } = await run();
  expect(versions(pins)).toEqual({
    goose: "3.27.0",
    pnpm: "10.2.0",
    "pnpm-8": "8.16.0",
    railway: "5.1.0",
    uv: "0.14.0",
  });
  expect(changes.find(({ name }) => name === "pnpm")).toEqual({
    kind: "tool",
    name: "pnpm",
    before: "10.1.0",
    after: "10.2.0",
    problem: null,
  });
  expect(pins.date).toBe("2026-11-22");
  // Where it came from is known at the next run too.
  expect((await run({}, pins.tools)).changes.every(({ after }) => after === null)).toBe(true);
});

test("what was published since the last run is found a week later", async () => {
  const { pins } = await run();
  expect(versions((await run({ today: "2026-11-28" }, pins.tools)).pins).pnpm).toBe("10.3.0");
});

test("another major only where it is asked for, and never for a line", async () => {
  expect(versions((await run({ major: true })).pins)).toMatchObject({ pnpm: "11.0.0", "pnpm-8": "8.16.0" });
});

test("npm packages are asked for where npm of this machine takes them from", async () => {
  vi.stubEnv("npm_config_registry", `${indexes.url}/`);
  const options = { today: "2026-11-22", major: false, signal: new AbortController().signal };
  const table = {
    date: "2026-08-01",
    images: {},
    defaults: {},
    actions: {},
    tools: { pnpm: TOOLS.pnpm as (typeof TOOLS)[string] },
  };
  const found = await updatePins(table, options);
  expect(found.changes).toEqual([{ kind: "tool", name: "pnpm", before: "10.1.0", after: "10.2.0", problem: null }]);
  vi.stubEnv("PATH", "");
  const lost = await updatePins(table, options);
  expect(lost.changes[0]).toMatchObject({ after: null, problem: "npm does not say where it takes packages from" });
});

test.each([
  ["is gone", { status: 404 }, "answers 404"],
  ["is busy", { status: 429 }, "takes no more requests"],
  ["answers with a page", "html", "does not answer with JSON"],
  ["stops in the middle", "half", "stopped in the middle"],
  ["does not answer", "hang", "did not answer within"],
] as const)("an index that %s keeps the pin and the age of the table", async (_, fault, why) => {
  indexes.faults.set("/pnpm", fault);
  const { pins, changes } = await run({ deadlineMs: 300 });
  expect(versions(pins)).toMatchObject({ pnpm: "10.1.0", railway: "5.1.0", uv: "0.14.0" });
  expect(changes.find(({ name }) => name === "pnpm")?.problem).toContain(why);
  expect(pins.date).toBe("2026-08-01");
});
