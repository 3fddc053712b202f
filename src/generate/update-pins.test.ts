import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Pins } from "./pins.ts";
import { startRegistry, startReleases } from "./update-pins/testing.ts";
import { updatePins } from "./update-pins.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const C = "c".repeat(40);
const TODAY = "2026-11-22";

const pins = (given: Partial<Pins> = {}): Pins => ({
  date: "2026-08-01",
  images: {
    node: { 24: { tag: "registry.test/node:24.1.0-slim", source: "test" } },
    debian: { 12: { tag: "registry.test/debian:bookworm-slim", source: "test" } },
  },
  defaults: {},
  actions: { "actions/checkout": { version: "v7.0.1", commit: A, seen: [] } },
  tools: {},
  ...given,
});

let github: Awaited<ReturnType<typeof startReleases>>;
let registry: Awaited<ReturnType<typeof startRegistry>>;

beforeEach(async () => {
  github = await startReleases(
    {
      "actions/checkout": [
        { tag: "v8.0.0", commit: C, published: "2026-10-01" },
        { tag: "v7.3.0", commit: "d".repeat(40), published: "2026-11-20" },
        { tag: "v7.2.0", commit: B, published: "2026-11-01", annotated: true },
        { tag: "v7.9.0", commit: "e".repeat(40), published: "2026-10-01", prerelease: true },
        { tag: "v7.8.0", commit: "e".repeat(40), published: "2026-10-01", draft: true },
        { tag: "v7", commit: "f".repeat(40), published: "2026-11-01" },
      ],
    },
    { token: "right" },
  );
  registry = await startRegistry({
    node: {
      "24": "2026-11-01",
      "24-slim": "2026-11-01",
      "24.0.9-slim": "2026-01-01",
      "24.1.0-slim": "2026-09-01",
      "24.2.0-alpine": "2026-11-01",
      "24.2.0-slim": "2026-11-01",
      "24.10.0-slim": "2026-11-21",
      "25.0.0-slim": "2026-10-01",
      latest: "2026-11-01",
    },
    debian: { "bookworm-slim": "2026-11-02" },
  });
});
afterEach(async () => await Promise.all([github.stop(), registry.stop()]));

const run = (given: Partial<Parameters<typeof updatePins>[1]> = {}, table = pins()) =>
  updatePins(table, {
    today: TODAY,
    major: false,
    signal: new AbortController().signal,
    api: github.url,
    registries: { "registry.test": registry.url },
    deadlineMs: 500,
    ...given,
  });

test("the newest release of the same major that is a week old, by the commit behind an annotated tag", async () => {
  const { pins: next, changes } = await run();
  expect(next.actions["actions/checkout"]).toMatchObject({ version: "v7.2.0", commit: B });
  expect(changes[0]).toMatchObject({ before: `v7.0.1 ${A}`, after: `v7.2.0 ${B}`, problem: null });
});

test("what was released since the last run is found by the next", async () => {
  const releases = { "a/one": [{ tag: "v1.1.0", commit: B, published: "2026-10-01" }] };
  const moving = await startReleases(releases);
  const table = pins({ actions: { "a/one": { version: "v1.0.0", commit: A, seen: [] } }, images: {} });
  try {
    const first = await run({ api: moving.url }, table);
    expect(first.pins.actions["a/one"]).toMatchObject({ version: "v1.1.0", commit: B });
    releases["a/one"].unshift({ tag: "v1.2.0", commit: C, published: "2026-11-20" });
    expect((await run({ api: moving.url }, first.pins)).changes[0]).toMatchObject({ after: null, problem: null });
    const later = await run({ api: moving.url, today: "2026-11-28" }, first.pins);
    expect(later.pins.actions["a/one"]).toMatchObject({ version: "v1.2.0", commit: C });
  } finally {
    await moving.stop();
  }
});

test("another major only where it is asked for", async () => {
  const { pins: next } = await run({ major: true });
  expect(next.actions["actions/checkout"]).toMatchObject({ version: "v8.0.0", commit: C });
});

test("images stay in their line and variant; a tag that moves gets its digest", async () => {
  const { pins: next } = await run();
  expect(next.images.node?.[24]).toMatchObject({
    tag: "registry.test/node:24.2.0-slim",
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  expect(next.images.debian?.[12]).toMatchObject({
    tag: "registry.test/debian:bookworm-slim",
    digest: expect.stringMatching(/^sha256:/),
  });
  expect(next.date).toBe(TODAY);
  // Once more: nothing is newer than what was just written.
  const again = await run({}, next);
  expect(again.changes.map(({ after, problem }) => [after, problem])).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ]);
});

test("an image is never moved back", async () => {
  const table = pins({ images: { node: { 24: { tag: "registry.test/node:24.10.0-slim", source: "test" } } } });
  const { changes } = await run({}, table);
  expect(changes.find(({ kind }) => kind === "image")).toMatchObject({ after: null, problem: null });
});

describe("what cannot be looked up keeps its pin and says why", () => {
  test.each([
    ["too many requests", "/releases", { status: 429 }, /takes no more requests/],
    ["used up", "/releases", { status: 403, headers: { "x-ratelimit-remaining": "0" } }, /takes no more requests/],
    ["broken", "/releases", { status: 500 }, /answers 500/],
    ["silent", "/releases", "hang", /did not answer within 0.5 s/],
    ["no JSON", "/releases", "html", /does not answer with JSON/],
    ["half an answer", "/releases", "half", /stopped in the middle/],
    ["an answer without end", "/releases", "drip", /stopped in the middle/],
    ["forbidden", "/releases", { status: 403 }, /answers 403/],
    ["no tag", "/git/ref", { status: 404 }, /answers 404/],
  ] as const)("GitHub: %s", async (_, path, fault, problem) => {
    github.faults.set(path, fault);
    const { pins: next, changes } = await run();
    expect(next.actions).toEqual(pins().actions);
    expect(changes[0]).toMatchObject({ after: null, problem: expect.stringMatching(problem) });
    expect(next.images.node?.[24]?.tag).toContain("24.2.0");
    expect(next.date).toBe("2026-08-01");
  });

  test.each([
    ["/tags/", { status: 500 }, /answers 500/],
    ["/tags/", "half", /stopped in the middle/],
    ["/manifests/", { status: 200 }, /does not say when/],
    ["/manifests/", { status: 200, headers: { "docker-content-digest": `sha256:${"0".repeat(64)}` } }, /other bytes/],
    ["/manifests/", { status: 404 }, /answers 404/],
    ["/manifests/", { status: 429 }, /takes no more requests/],
    ["/tags/", "drip", /stopped in the middle/],
    ["/blobs/", "html", /does not answer with JSON/],
    ["/token", "hang", /did not answer/],
  ] as const)("the registry: %s %j", async (path, fault, problem) => {
    registry.faults.set(path, fault);
    const { pins: next, changes } = await run();
    expect(next.images).toEqual(pins().images);
    expect(changes.filter(({ kind }) => kind === "image").map(({ problem: said }) => said)).toEqual([
      expect.stringMatching(problem),
      expect.stringMatching(problem),
    ]);
    expect(next.actions["actions/checkout"]?.version).toBe("v7.2.0");
  });

  test("GitHub's limit for those without a token: what was looked up before holds", async () => {
    const actions = Object.fromEntries(
      ["a/one", "a/two", "a/three"].map((name) => [name, { version: "v1.0.0", commit: A, seen: [] }]),
    );
    const release = { tag: "v1.1.0", commit: B, published: "2026-10-01" };
    const few = await startReleases({ "a/one": [release], "a/two": [release], "a/three": [release] }, { hourly: 4 });
    try {
      const { pins: next, changes } = await run({ api: few.url }, pins({ actions, images: {} }));
      const moved = changes.filter(({ after }) => after !== null);
      expect(moved.length).toBeGreaterThan(0);
      expect(changes.filter(({ problem }) => /no more requests/.test(problem ?? ""))).toHaveLength(3 - moved.length);
      for (const { name, after } of changes) expect(next.actions[name]?.version).toBe(after ? "v1.1.0" : "v1.0.0");
      expect(next.date).toBe("2026-08-01");
    } finally {
      await few.stop();
    }
  });

  test("the store that blobs are kept in", async () => {
    registry.store.set("/", { status: 500 });
    const { pins: next, changes } = await run();
    expect(next.images).toEqual(pins().images);
    expect(changes[1]).toMatchObject({ problem: expect.stringMatching(/answers 500/) });
  });

  test("a token that is wrong", async () => {
    expect((await run({ token: "wrong" })).changes[0]).toMatchObject({ problem: "GitHub does not take the token" });
    expect((await run({ token: "right" })).changes[0]).toMatchObject({ problem: null });
  });

  test("nobody there", async () => {
    const { changes } = await run({ api: "http://127.0.0.1:1", registries: { "registry.test": "http://127.0.0.1:1" } });
    expect(changes.every(({ problem }) => /is not reachable/.test(problem ?? ""))).toBe(true);
  });
});

test("an abort ends it", async () => {
  github.faults.set("/releases", "hang");
  const stop = new AbortController();
  const running = run({ signal: stop.signal, deadlineMs: 60_000 });
  stop.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
});
