import { describe, expect, test } from "vitest";
import type { Facts, Vouch } from "./facts.ts";
import { decide, mayVouch, owner } from "./rows.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const FACTS: Facts = {
  now: NOW,
  environment: "production",
  kind: "deploy",
  release: "r6",
  fromRelease: "r5",
  content: { api: "a", web: "w" },
  require: [],
  approvers: [],
  vouches: [],
  after: [],
  migrations: [],
  waysBack: [{ release: "r5", schemas: { api: { min: 3, max: 4 } } }],
  examples: [],
  target: [],
  sev1: [],
  calendar: { freeze: [], windows: [], ordered: [] },
  lock: null,
  guarded: true,
};

const vouch = (change: Partial<Vouch> = {}): Vouch => ({
  ...{ what: "qa", who: "cli:ada", release: "r6", at: NOW - HOUR, note: null },
  content: { api: "a", web: "w", other: "o" },
  checksums: [],
  ...change,
});

/** The row of an item, as `ok: evidence` or `no: evidence`; undefined when the plan has none. */
function said(item: string, change: Partial<Facts>): string | undefined {
  const row = decide({ ...FACTS, ...change }).find((found) => found.item === item);
  if (row) expect(row.next === null).toBe(row.ok);
  return row && `${row.ok ? "ok" : "no"}: ${row.evidence}`;
}

test("somebody else's units are told with hosts, releases and rollouts, and nothing is said where there are none", () => {
  const unit = { service: "api", release: "r3", rollout: "ro-1", unit: "api-1-h0-0", host: "h1" };
  const foreign = [unit, { ...unit, unit: "api-1-h1-0", host: "h2" }];
  expect(owner({ environment: "production" })).toEqual([]);
  expect(owner({ environment: "production", foreign })).toMatchObject([
    {
      ...{ item: "owner", ok: false },
      evidence: "this database does not know what runs there; h1, h2: r3 of api by ro-1 (2 containers)",
      next: expect.stringContaining("--override owner --reason TEXT"),
    },
  ]);
  expect(said("rollback-plan", { foreign, fromRelease: null })).toContain("stays until the new release has baked");
});

test("a lock", () => {
  expect(said("lock", {})).toBeUndefined();
  expect(said("lock", { lock: { holder: "cli:eve", reason: "moving" } })).toBe("no: locked by cli:eve: moving");
});

describe("qa", () => {
  const qa = (change: Partial<Facts>) => said("qa", { require: ["qa"], ...change });
  test.each<[string, Partial<Facts>, string]>([
    ["nobody", {}, "no: nobody vouched"],
    ["somebody", { vouches: [vouch()] }, "ok: cli:ada vouched for r6 1 h ago"],
    ["somebody who says why", { vouches: [vouch({ note: "run 12" })] }, "ok: cli:ada vouched for r6 1 h ago: run 12"],
    [
      "under another name of the release",
      { vouches: [vouch({ release: "r2" })] },
      "ok: cli:ada vouched for r2 1 h ago",
    ],
    [
      "for other content under the same name",
      { vouches: [vouch({ content: { api: "older", web: "w" } })] },
      "no: cli:ada vouched for r6 1 h ago, with other content of api",
    ],
    [
      "who is no approver",
      { vouches: [vouch()], approvers: ["bob", "eve"] },
      "no: cli:ada vouched for r6 1 h ago, not one of the approvers (bob, eve)",
    ],
    [
      "an approver among others",
      { vouches: [vouch(), vouch({ who: "bob" })], approvers: ["bob"] },
      "ok: bob vouched for r6 1 h ago",
    ],
    ["for another fact", { vouches: [vouch({ what: "backup" })] }, "no: nobody vouched"],
  ])("%s", (_, change, expected) => {
    expect(qa(change)).toBe(expected);
  });

  test("is asked for by the manifest only", () => {
    expect(said("qa", {})).toBeUndefined();
  });

  test.each([
    ["cli:ada", [], true],
    ["cli:ada", ["ada"], true],
    ["cli:ada", ["cli:ada"], true],
    ["ada", ["cli:ada"], false],
    ["cli:adam", ["ada"], false],
    ["web", ["ada"], false],
  ])("%s among %j: %s", (who, approvers, expected) => {
    expect(mayVouch(who, approvers)).toBe(expected);
  });
});

describe("after", () => {
  const success = { release: "r5", rollout: "ro-1", at: NOW - DAY, content: { api: "a", web: "w", job: "j" } };
  test.each([
    ["nothing there", [], "no: nothing succeeded in staging"],
    ["the same content under another name", [success], "ok: r5 succeeded in staging 1 d ago (ro-1)"],
    [
      "another version of one service",
      [{ ...success, content: { api: "a", web: "older" } }],
      "no: staging has r5, with other content of web",
    ],
    [
      "a service is missing there",
      [{ ...success, content: { api: "a" } }],
      "no: staging has r5, with other content of web",
    ],
    [
      "too long ago",
      [{ ...success, at: NOW - 7 * DAY }],
      "no: r5 succeeded in staging 7 d ago (ro-1), too long ago: at most 7 d",
    ],
    [
      "again since",
      [
        { ...success, at: NOW - 9 * DAY },
        { ...success, rollout: "ro-2", at: NOW - HOUR },
      ],
      "ok: r5 succeeded in staging 1 h ago (ro-2)",
    ],
  ])("%s", (_, successes, expected) => {
    expect(said("after:staging", { after: [{ environment: "staging", successes }] })).toBe(expected);
  });
});

describe("migrations-tested", () => {
  const tested = (change: Partial<Facts>) => said("migrations-tested", { require: ["migrations-tested"], ...change });
  const pending = [{ service: "api", checksums: ["c1", "c2"], position: 4, unsafe: [] }];
  const word = (checksums: string[], who = "cli:dba") => vouch({ what: "migrations-tested", who, checksums });
  test.each<[string, Partial<Facts>, string]>([
    ["none is pending", {}, "ok: no migration is pending"],
    ["nobody looked", { migrations: null }, "no: it is not known which migrations are pending"],
    ["untested", { migrations: pending }, "no: nobody vouched"],
    ["tested", { migrations: pending, vouches: [word(["c2", "c1"])] }, "ok: cli:dba vouched for r6 1 h ago"],
    [
      "changed since",
      { migrations: pending, vouches: [word(["c1", "old"])] },
      "no: cli:dba vouched for r6 1 h ago, without 1 pending migration",
    ],
    [
      "by the machine, where a person must",
      { migrations: pending, vouches: [word(["c1", "c2"], "stationmaster")], approvers: ["dba"] },
      "no: stationmaster vouched for r6 1 h ago, not one of the approvers (dba)",
    ],
  ])("%s", (_, change, expected) => {
    expect(tested(change)).toBe(expected);
  });
});

describe("rollback-plan", () => {
  const moved = (position: number | null) => [{ service: "api", checksums: ["c"], position, unsafe: [] }];
  test.each<[string, Partial<Facts>, string]>([
    ["first deploy", { fromRelease: null, waysBack: [] }, "ok: first deploy"],
    ["the one before", {}, "ok: back to r5"],
    ["none is kept", { waysBack: [] }, "no: no release to go back to is kept"],
    ["the schema stays in its range", { migrations: moved(4) }, "ok: back to r5"],
    [
      "the schema leaves its range",
      { migrations: moved(5) },
      "no: no kept release runs on the schema after the migrations (r5)",
    ],
    [
      "an earlier one runs on it",
      { migrations: moved(5), waysBack: [...FACTS.waysBack, { release: "r4", schemas: {} }] },
      "ok: back to r4",
    ],
    ["a tool without positions", { migrations: moved(null) }, "ok: back to r5"],
  ])("%s", (_, change, expected) => {
    expect(said("rollback-plan", change)).toBe(expected);
  });
});

describe("backup", () => {
  const pending = [{ service: "api", checksums: ["c"], position: null, unsafe: [] }];
  const fresh = vouch({ what: "backup", content: {} });
  test.each<[string, Partial<Facts>, string | undefined]>([
    ["no migration, not required", {}, undefined],
    ["no migration, required", { require: ["backup"] }, "no: nobody vouched"],
    ["a migration", { migrations: pending }, "no: nobody vouched"],
    ["the first deploy of an empty database", { migrations: pending, fromRelease: null }, undefined],
    ["fresh", { migrations: pending, vouches: [fresh] }, "ok: cli:ada vouched for r6 1 h ago"],
    [
      "old",
      { migrations: pending, vouches: [{ ...fresh, at: NOW - DAY }] },
      "no: cli:ada vouched for r6 1 d ago, too long ago: at most 24 h",
    ],
  ])("%s", (_, change, expected) => {
    expect(said("backup", change)).toBe(expected);
  });
});

describe("env-complete", () => {
  test.each<[string, Facts["examples"], string | undefined]>([
    ["no example", [], undefined],
    ["all set", [{ file: ".env.example", missing: [] }], "ok: all of .env.example is set"],
    [
      "names only",
      [
        { file: ".env.example", missing: ["A", "B"] },
        { file: "web/.env.example", missing: [] },
      ],
      "no: not set: A, B of .env.example",
    ],
  ])("%s", (_, examples, expected) => {
    expect(said("env-complete", { examples })).toBe(expected);
  });
});

describe("what else stands in the way", () => {
  test("an open SEV1", () => {
    expect(said("incident", {})).toBe("ok: no open SEV1");
    expect(said("incident", { sev1: [{ id: "inc-1", text: "api: GET /health answers 500" }] })).toBe(
      "no: api: GET /health answers 500 (inc-1)",
    );
  });

  test("the calendar", () => {
    const freeze = ["Fri 16:00 - Mon 08:00 Europe/Paris"];
    expect(said("window", {})).toBeUndefined();
    expect(said("window", { calendar: { ...FACTS.calendar, freeze } })).toBe(
      `no: frozen: ${freeze[0]}; until 2026-11-23T07:00:00.000Z`,
    );
    expect(said("window", { calendar: { ...FACTS.calendar, freeze }, now: NOW + 3 * DAY })).toBe("ok: open");
    const ordered = [{ id: "fr-1", who: "cli:ada", reason: "the fair", beginsAt: 0, endsAt: null }];
    expect(said("window", { calendar: { ...FACTS.calendar, ordered } })).toBe(
      "no: frozen by cli:ada: the fair (fr-1); nobody knows how long",
    );
  });

  test("what the platform found", () => {
    const target = [
      { item: "disk", ok: true, evidence: "20 GB free" },
      { item: "clock", ok: false, evidence: "b is 3.1 s ahead", next: "start its time service" },
    ];
    expect(said("disk", { target })).toBe("ok: 20 GB free");
    expect(said("clock", { target })).toBe("no: b is 3.1 s ahead");
  });

  test("somebody's own machine is held up by its calendar and by itself only", () => {
    const facts: Facts = {
      ...FACTS,
      guarded: false,
      waysBack: [],
      sev1: [{ id: "inc-1", text: "down" }],
      examples: [{ file: ".env.example", missing: ["A"] }],
      target: [{ item: "disk", ok: false, evidence: "full" }],
      calendar: { ...FACTS.calendar, freeze: ["00:00 - 24:00"] },
    };
    expect(decide(facts).map(({ item }) => item)).toEqual(["window", "disk"]);
  });
});

describe("migrations-safe", () => {
  const pending = (unsafe: string[]) => [{ service: "api", checksums: ["c"], position: 4, unsafe }];
  test.each<[string, Partial<Facts>, string | undefined]>([
    ["nobody looked", { migrations: null }, undefined],
    ["nothing is pending", { migrations: [] }, undefined],
    ["nothing is wrong", { migrations: pending([]) }, "ok: the release before can run on the schema after them"],
    ["something is", { migrations: pending(["drop", "rename"]), guarded: false }, "no: api: drop; api: rename"],
  ])("%s", (_, change, expected) => {
    expect(said("migrations-safe", change)).toBe(expected);
  });
});

test("a contract rollout wants a backup and quiet, and asks nothing about what runs", () => {
  const change = { kind: "contract", require: ["qa"], target: [] } as const;
  const items = decide({ ...FACTS, ...change }).map(({ item, ok }) => `${item} ${ok}`);
  expect(items).toEqual(["backup false", "incident true"]);
  expect(decide({ ...FACTS, ...change, guarded: false })).toEqual([]);
});
