import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awake, done, intended } from "./changes.ts";
import { isPreviewName } from "./names.ts";
import { type Action, type Known, type Limits, reconcile } from "./reconcile.ts";
import type { Remote } from "./remote.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIMITS: Limits = { hosts: ["h1"], most: 2, idleMs: 3 * DAY, expireMs: 7 * DAY, forks: true };
const NOW = 100 * DAY;
const at = (ms: number) => new Date(ms);

const row = (env: string, rest: Partial<Known> = {}): Known => ({
  ...{ env, ref: `refs/heads/${env}`, commit: "c1", state: "running", host: "h1", fork: false, ordered: null },
  ...{ settled: true, reason: null, usedAt: at(NOW), closedAt: null },
  ...rest,
});
const source = (env: string, commit = "c1") => ({ env, ref: `refs/heads/${env}`, commit, fork: false });
const remote = (...wanted: Remote["wanted"]): Remote => ({
  wanted,
  refs: new Map(wanted.map(({ ref, commit }) => [ref, commit])),
});
const decide = (known: Known[], seen: Remote | undefined, now = NOW, limits = LIMITS) =>
  reconcile({ known, remote: seen, limits }, now);

describe("one preview", () => {
  const one = source("pr-1");
  test.each<{ name: string; known: Known[]; remote: Remote | undefined; now?: number; expected: Partial<Action>[] }>([
    { name: "a new one is made", known: [], remote: remote(one), expected: [{ kind: "create", host: "h1" }] },
    { name: "one that stands is left alone", known: [row("pr-1")], remote: remote(one), expected: [] },
    {
      name: "a new commit is shipped",
      known: [row("pr-1")],
      remote: remote(source("pr-1", "c2")),
      expected: [{ kind: "update", commit: "c2" }],
    },
    {
      name: "a new commit wakes it",
      known: [row("pr-1", { state: "asleep" })],
      remote: remote(source("pr-1", "c2")),
      expected: [{ kind: "update" }],
    },
    {
      name: "what a crash left undone is done",
      known: [row("pr-1", { settled: false })],
      remote: remote(one),
      expected: [{ kind: "deploy" }],
    },
    {
      name: "gone, it is closed",
      known: [row("pr-1")],
      remote: remote(),
      expected: [{ kind: "close", state: "closed" }],
    },
    {
      name: "gone while asleep, it stays asleep",
      known: [row("pr-1", { state: "asleep" })],
      remote: remote(),
      expected: [{ kind: "close", state: "asleep" }],
    },
    { name: "nothing is gone while nobody could be asked", known: [row("pr-1")], remote: undefined, expected: [] },
    {
      name: "closed, it stays until it expires",
      known: [row("pr-1", { state: "closed", closedAt: at(NOW - 7 * DAY + 1) })],
      remote: remote(),
      expected: [],
    },
    {
      name: "then it is removed, also while nobody can be asked",
      known: [row("pr-1", { state: "closed", closedAt: at(NOW - 7 * DAY) })],
      remote: undefined,
      expected: [{ kind: "remove", why: "expired" }],
    },
    {
      name: "opened again before, it goes on",
      known: [row("pr-1", { state: "closed", closedAt: at(NOW - DAY) })],
      remote: remote(one),
      expected: [{ kind: "update" }],
    },
    {
      name: "removed and opened again, it is made anew",
      known: [row("pr-1", { state: "removed", closedAt: at(NOW - 9 * DAY) })],
      remote: remote(one),
      expected: [{ kind: "create" }],
    },
    {
      name: "unused for three days it sleeps",
      known: [row("pr-1", { usedAt: at(NOW - 3 * DAY) })],
      remote: remote(one),
      expected: [{ kind: "sleep" }],
    },
    {
      name: "so does one that is closed",
      known: [row("pr-1", { state: "closed", closedAt: at(NOW - DAY), usedAt: at(NOW - 3 * DAY) })],
      remote: remote(),
      expected: [{ kind: "sleep" }],
    },
    {
      name: "one whose branch is gone is closed though its pull request still shows",
      known: [row("pr-1", { ref: "refs/heads/x" })],
      remote: remote({ ...one, ref: "refs/pull/1/head", fork: true }),
      expected: [{ kind: "close" }],
    },
    {
      name: "and stays closed",
      known: [row("pr-1", { ref: "refs/heads/x", state: "closed", closedAt: at(NOW) })],
      remote: remote({ ...one, ref: "refs/pull/1/head", fork: true }),
      expected: [],
    },
  ])("$name", ({ known, remote: seen, now, expected }) => {
    const actions = decide(known, seen, now);
    expect(actions).toHaveLength(expected.length);
    expect(actions).toMatchObject(expected);
  });
});

describe("forks", () => {
  const none = { ...LIMITS, forks: false };
  const fork = { ...source("pr-1"), fork: true };
  test("have no preview unless the environment says so or somebody opens one", () => {
    expect(decide([], remote(fork), NOW, none)).toEqual([]);
    expect(decide([], remote(fork))).toMatchObject([{ kind: "create", fork: true }]);
    const opened = row("pr-1", { ordered: "open", fork: true });
    expect(decide([opened], remote({ ...fork, commit: "c2" }), NOW, none)).toMatchObject([
      { kind: "update", fork: true },
    ]);
  });
  test("a commit that no branch here has is not shipped with the secrets of a branch", () => {
    expect(decide([row("pr-1")], remote({ ...fork, commit: "c2" }), NOW, none)).toEqual([]);
    expect(decide([row("pr-1")], remote({ ...fork, commit: "c2" }))).toMatchObject([{ kind: "update", fork: true }]);
    expect(decide([row("pr-1", { fork: true })], remote(source("pr-1")))).toMatchObject([
      { kind: "update", fork: false },
    ]);
  });
});

describe("what a person ordered", () => {
  test("a close holds against what polling still shows, until something is pushed", () => {
    const closed = row("pr-1", { ordered: "close", state: "closed", closedAt: at(NOW) });
    expect(decide([closed], remote(source("pr-1")))).toEqual([]);
    expect(decide([closed], remote(source("pr-1", "c2")))).toMatchObject([{ kind: "update", ordered: null }]);
  });

  test("a removal is carried out, and holds as well", () => {
    expect(decide([row("pr-1", { ordered: "remove" })], remote(source("pr-1")))).toMatchObject([{ kind: "remove" }]);
    const removed = row("pr-1", { ordered: "remove", state: "removed" });
    expect(decide([removed], remote(source("pr-1")))).toEqual([]);
    expect(decide([removed], remote(source("pr-1", "c2")))).toMatchObject([{ kind: "create" }]);
  });

  test("one that polling does not want follows its ref, and closes with its branch only", () => {
    const seen = (commit?: string): Remote => ({
      wanted: [],
      refs: new Map(commit === undefined ? [] : [["refs/heads/pr-1", commit]]),
    });
    const opened = row("pr-1", { ordered: "open", fork: true });
    expect(decide([opened], seen("c1"))).toEqual([]);
    expect(decide([opened], seen("c2"))).toMatchObject([{ kind: "update", fork: true, ordered: "open" }]);
    expect(decide([opened], seen())).toMatchObject([{ kind: "close" }]);
    const other = row("pr-1", { ordered: "open", ref: "refs/changes/1" });
    expect(decide([other], seen())).toEqual([]);
  });
});

describe("the room on hosts", () => {
  const two = [row("pr-1"), row("pr-2")];
  const all = remote(source("pr-1"), source("pr-2"), source("pr-3"));
  test("a full host refuses and says why, once", () => {
    const [refused] = decide(two, all);
    expect(refused).toMatchObject({ kind: "refuse", env: "pr-3", reason: expect.stringContaining("h1 has 2") });
    const told = { ...row("pr-3"), ...intended(refused as Action, at(NOW)) } as Known;
    expect(decide([...two, told], all)).toEqual([]);
    expect(decide([row("pr-1"), told], remote(source("pr-1"), source("pr-3")))).toMatchObject([{ kind: "create" }]);
  });
  test("the one that has slept for longest makes room, and does not come back by itself", () => {
    const known = [
      row("pr-1", { state: "asleep", usedAt: at(NOW - DAY) }),
      row("pr-2", { state: "asleep", usedAt: at(NOW - 2 * DAY) }),
    ];
    const actions = decide(known, all);
    expect(actions).toMatchObject([
      { kind: "remove", env: "pr-2", why: "evicted" },
      { kind: "create", env: "pr-3" },
    ]);
    const [out] = actions;
    const gone = { ...known[1], ...intended(out as Action, at(NOW)), ...done(out as Action, at(NOW)) } as Known;
    expect(decide([row("pr-1"), gone, row("pr-3")], all)).toEqual([]);
  });
  test("new ones go where there are fewest", () => {
    const limits = { ...LIMITS, hosts: ["h1", "h2"] };
    expect(decide([row("pr-1")], remote(source("pr-1"), source("pr-2")), NOW, limits)).toMatchObject([{ host: "h2" }]);
  });
});

/** A world of rows: actions are carried out as the effects do it. */
function carryOut(rows: Map<string, Known>, actions: readonly Action[], now: number): void {
  for (const action of actions) {
    const before = rows.get(action.env) ?? row(action.env);
    const after =
      action.kind === "deploy" || action.kind === "create" || action.kind === "update" ? { settled: true } : {};
    rows.set(action.env, { ...before, ...intended(action, at(now)), ...done(action, at(now)), ...after } as Known);
  }
}

const anyName = fc.constantFrom("pr-1", "pr-2", "pr-3", "br-x", "production", "local", "pr-0", "br-");
const anyRow = fc.record({
  env: anyName,
  ref: fc.constantFrom("refs/heads/a", "refs/heads/b", "refs/pull/1/head"),
  commit: fc.constantFrom("c1", "c2", null),
  state: fc.constantFrom("running" as const, "asleep" as const, "closed" as const, "removed" as const),
  host: fc.constantFrom("h1", "h2"),
  fork: fc.boolean(),
  ordered: fc.constantFrom(null, "open" as const, "close" as const, "remove" as const),
  settled: fc.boolean(),
  reason: fc.constantFrom(null, "broken"),
  usedAt: fc.integer({ min: 0, max: 20 }).map((days) => at(NOW - days * DAY)),
  closedAt: fc.option(fc.integer({ min: 0, max: 20 }).map((days) => at(NOW - days * DAY))),
});
const anyWorld = fc.record({
  rows: fc.uniqueArray(anyRow, { selector: ({ env }) => env, maxLength: 8 }),
  wanted: fc.uniqueArray(
    fc.record({
      env: anyName,
      ref: fc.constantFrom("refs/heads/a", "refs/heads/b", "refs/pull/1/head"),
      commit: fc.constantFrom("c1", "c2"),
      fork: fc.boolean(),
    }),
    { selector: ({ env }) => env },
  ),
  branches: fc.dictionary(fc.constantFrom("refs/heads/a", "refs/heads/b"), fc.constantFrom("c1", "c2")),
});

const properties: [string, (world: { rows: Known[]; seen: Remote }) => void][] = [
  [
    "nothing but previews is touched, each at most once, and no host gets more than it takes",
    ({ rows, seen }) => {
      const actions = decide(rows, seen);
      expect(actions.every(({ env }) => isPreviewName(env))).toBe(true);
      expect(new Set(actions.map(({ env }) => env)).size).toBe(actions.length);
      const map = new Map(rows.map((item) => [item.env, item]));
      const count = () =>
        [...map.values()]
          .filter(({ env, state }) => isPreviewName(env) && state !== "removed")
          .filter(({ host }) => host === "h1").length;
      const before = count();
      carryOut(map, actions, NOW);
      expect(count()).toBeLessThanOrEqual(Math.max(before, LIMITS.most));
    },
  ],
  [
    "done, there is nothing more to do",
    ({ rows, seen }) => {
      const map = new Map(rows.map((item) => [item.env, item]));
      for (let round = 0; round < 3; round++) carryOut(map, decide([...map.values()], seen), NOW);
      expect(decide([...map.values()], seen)).toEqual([]);
    },
  ],
  [
    "when nothing is wanted any more, none is left after the time to expire",
    ({ rows }) => {
      const map = new Map(rows.map((item) => [item.env, item]));
      const none: Remote = { wanted: [], refs: new Map() };
      // Somebody closed what only an order can close.
      for (const [env, item] of map)
        if (item.ordered === "open" && item.state !== "removed") map.set(env, { ...item, ordered: null });
      for (let now = NOW; now <= NOW + LIMITS.expireMs + HOUR; now += HOUR)
        carryOut(map, decide([...map.values()], none, now), now);
      expect([...map.values()].filter(({ env, state }) => isPreviewName(env) && state !== "removed")).toEqual([]);
    },
  ],
];
test.each(properties)("%s", (_, holds) => {
  fc.assert(
    fc.property(anyWorld, ({ rows, wanted, branches }) => {
      const refs = new Map([...wanted.map(({ ref, commit }) => [ref, commit] as const), ...Object.entries(branches)]);
      holds({ rows, seen: { wanted, refs } });
    }),
  );
});

test("woken, it runs again", () => {
  const asleep = row("pr-1", { state: "asleep", usedAt: at(0) });
  const woken = { ...asleep, ...awake(at(NOW)) } as Known;
  expect(decide([woken], remote(source("pr-1")))).toEqual([{ kind: "deploy", env: "pr-1" }]);
});
