import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseManifest } from "../config/load.ts";
import { FINAL_STATES, RolloutState, StrategyKind } from "../contract/rollout.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import { isEmpty, makePlan, type PlanInput, resolveStrategy } from "./plan.ts";
import { afterFailure, resumeState } from "./rollout.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const part = fc.constantFrom("1", "2");
const released: fc.Arbitrary<ReleasedService> = fc
  .record({
    kind: fc.constantFrom("http" as const, "worker" as const),
    parts: fc.record({ start: part, env: part, files: part, settings: part }),
    replicas: fc.integer({ min: 1, max: 4 }),
  })
  .map((rest) => ({
    ...rest,
    hash: JSON.stringify(rest),
    start: ["run"],
    build: null,
    env: {},
    path: ".",
    health: null,
    drainMs: 1,
    graceMs: 1,
    startupMs: 1,
    data: [],
  }));
const input: fc.Arbitrary<PlanInput> = fc
  .record({
    services: fc.dictionary(name, released, { minKeys: 1, maxKeys: 5 }),
    running: fc.dictionary(name, fc.record({ service: released, alive: fc.integer({ min: 0, max: 4 }) }), {
      maxKeys: 5,
    }),
    kept: fc.boolean(),
    force: fc.boolean(),
    kind: fc.constantFrom("blue-green" as const, "rolling" as const, "canary" as const, "recreate" as const),
    pick: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ services, running, kept, force, kind, pick }) => {
    const names = Object.keys(services);
    // Half of the time what runs is what is wanted.
    const now = Object.fromEntries(
      [
        ...Object.entries(running),
        ...(kept ? names.map((key) => [key, { service: services[key], alive: 4 }] as const) : []),
      ].map(([key, value]) => [key, { ...value, release: "r1" } as PlanInput["running"][string]]),
    );
    return {
      environment: "local",
      kind: "deploy" as const,
      release: { name: "r2", services },
      fromRelease: Object.keys(now).length > 0 ? "r1" : null,
      running: now,
      only: pick === undefined ? undefined : names.filter((_, index) => (pick >> index) & 1),
      force,
      strategy: resolveStrategy({ kind }, {}),
      dependsOn: Object.fromEntries(names.map((key, index) => [key, names.slice(0, index)])),
      notes: [],
    };
  });

describe("plan", () => {
  test("equal input gives an equal plan and hash", () => {
    fc.assert(
      fc.property(input, (given) => {
        expect(makePlan(structuredClone(given))).toEqual(makePlan(given));
      }),
    );
  });

  test("each service has the one action that its difference asks for", () => {
    fc.assert(
      fc.property(input, (given) => {
        const plan = makePlan(given);
        const names = new Set([...Object.keys(given.release.services), ...Object.keys(given.running)]);
        expect(plan.services.map(({ service }) => service).sort()).toEqual([...names].sort());
        for (const planned of plan.services) {
          const wanted = given.release.services[planned.service];
          const now = given.running[planned.service];
          const differs = JSON.stringify(wanted?.parts) !== JSON.stringify(now?.service?.parts);
          const expected = !wanted
            ? "remove"
            : given.only && !given.only.includes(planned.service)
              ? "keep"
              : !now
                ? "create"
                : differs || given.force
                  ? "replace"
                  : now.alive < wanted.replicas
                    ? "restore"
                    : "keep";
          expect(planned.action).toBe(expected);
          expect(planned.changes.length > 0).toBe(expected !== "keep");
          if (wanted && expected !== "keep") expect(planned.toRelease).toBe("r2");
        }
        expect(isEmpty(plan)).toBe(plan.services.every(({ action }) => action === "keep"));
      }),
    );
  });

  test("what a service depends on comes before it; shares rise and end with 100", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { services } = makePlan(given);
        const order = services.map(({ service }) => service);
        for (const [service, needs] of Object.entries(given.dependsOn))
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(service));
        for (const { steps, action } of services) {
          if (steps.length === 0) continue;
          expect(action).not.toBe("keep");
          expect([...steps].sort((a, b) => a - b)).toEqual(steps);
          expect(steps.at(-1)).toBe(100);
        }
      }),
    );
  });
});

test.each([
  { hosts: ["a", "b"], there: { a: 2, b: 2 }, action: "keep", changes: [] },
  { hosts: ["a", "b"], there: { a: 2, b: 1 }, action: "restore", changes: ["3 of 4 running"] },
  // Enough in number, and on the wrong host.
  { hosts: ["a", "b"], there: { a: 4, b: 0 }, action: "restore", changes: ["2 of 4 running"] },
  { hosts: ["a", "c"], there: { a: 2, b: 2 }, action: "replace", changes: ["hosts"] },
  { hosts: ["a"], there: { a: 2, b: 2 }, action: "replace", changes: ["hosts"] },
  { hosts: ["a", "b"], there: { a: 2 }, action: "replace", changes: ["hosts"] },
])("wanted on $hosts, running $there: $action", ({ hosts, there, action, changes }) => {
  const [given] = fc.sample(input, 1);
  const [service] = fc.sample(released, 1);
  if (!given || !service) throw new Error("no sample");
  const app: ReleasedService = { ...service, replicas: 2, exclusive: "it has a volume" };
  const alive = Object.values(there).reduce((sum, count) => sum + count, 0);
  const { services, warnings } = makePlan({
    ...given,
    ...{ release: { name: "r2", services: { app } }, only: undefined, force: false, hosts, dependsOn: {} },
    running: { app: { release: "r1", service: app, alive, hosts: there as Record<string, number> } },
  });
  expect(services).toMatchObject([{ action, changes }]);
  expect(warnings.some((line) => line.includes("data on a host it leaves"))).toBe(changes.includes("hosts"));
});

/** A plan for two copies of `app`, of which `alive` run; `old` says what differs. */
function planned({
  alive,
  old,
  ...more
}: Partial<PlanInput> & { alive: number | null; old?: Partial<ReleasedService> }) {
  const [sample] = fc.sample(released, 1);
  if (!sample) throw new Error("no sample");
  const app: ReleasedService = { ...sample, kind: "http", replicas: 2, startupMs: 60_000, health: { path: "/up" } };
  const given = {
    environment: "local",
    kind: "deploy" as const,
    fromRelease: "r1",
    force: false,
    dependsOn: {},
    notes: [],
  };
  const running: PlanInput["running"] =
    alive === null ? {} : { app: { release: "r1", service: { ...app, ...old }, alive } };
  const strategy = resolveStrategy({ kind: "recreate", bake: 2_000 });
  return makePlan({ ...given, release: { name: "r2", services: { app } }, running, strategy, ...more });
}

describe("what must hold", () => {
  const other = { parts: { start: "0", env: "0", files: "0", settings: "0" } };
  const gate = (times: string) => [`GET /up passes ${times}`, "no failure for 2 s with all requests"];

  test.each([
    ["users wait for a copy that is recreated", { alive: 2, old: other }, gate("once within 1 min")],
    ["a first copy is asked as always", { alive: null }, gate("3 times in a row")],
    [
      "what is missing of a proven release does not bake",
      { alive: 1, proven: true },
      gate("once within 1 min").slice(0, 1),
    ],
  ])("%s", (_name, given, checks) => {
    const route = "the route answers with the new release 5 times in a row";
    expect(planned(given).services[0]?.checks).toEqual([...checks, route]);
  });

  test.each([
    [{ alive: 1, proven: true }, "restore"],
    [{ alive: 1 }, "deploy"],
    [{ alive: 2, proven: true }, "deploy"],
    [{ alive: 2, old: other, proven: true }, "deploy"],
  ])("with %j the rollout is a %s", (given, kind) => {
    expect(planned(given).kind).toBe(kind);
  });
});

test("what the platform's own file wants up first comes first", () => {
  const [first] = fc.sample(released, 1);
  const services = { web: { ...first, dependsOn: ["api", "db"] }, api: { ...first } } as Record<
    string,
    ReleasedService
  >;
  const plan = planned({ alive: null, release: { name: "r2", services } });
  expect(plan.services.map(({ service }) => service)).toEqual(["api", "web"]);
});

test.each([
  { kind: "canary" as const, key: undefined, warns: true },
  { kind: "canary" as const, key: "client", warns: true },
  { kind: "canary" as const, key: "random", warns: false },
  { kind: "canary" as const, key: "cookie:sid", warns: false },
  { kind: "blue-green" as const, key: undefined, warns: false },
])("a $kind by $key of a service without users warns of its few clients: $warns", ({ kind, key, warns }) => {
  const [given] = fc.sample(input, 1);
  const [service] = fc.sample(released, 1);
  if (!given || !service) throw new Error("no sample");
  const app: ReleasedService = { ...service, kind: "http" };
  const plan = (internal: string[]) =>
    makePlan({
      ...given,
      ...{ release: { name: "r2", services: { app } }, only: undefined, force: true, dependsOn: {}, internal },
      running: { app: { release: "r1", service: app, alive: 1 } },
      strategy: resolveStrategy({ kind, key }, {}),
    });
  const warned = (internal: string[]) => plan(internal).warnings.some((line) => line.includes("`key: random`"));
  expect(warned(["app"])).toBe(warns);
  expect(warned([])).toBe(false);
  expect(plan([]).strategy.key).toBe(key);
});

test("a service cannot have the name of what every object has", () => {
  const text = (name: string) =>
    `project: a\nservices: { ${name}: { start: x } }\nenvironments: { local: { platform: local } }\n`;
  expect(() => parseManifest(text("constructor"))).toThrow("services.constructor");
  expect(() => parseManifest(text("__proto__"))).toThrow("__proto__");
  expect(Object.keys(parseManifest(text("construct")).services)).toEqual(["construct"]);
});

describe("where a rollout goes on", () => {
  const unfinished = RolloutState.options.filter((state) => !FINAL_STATES.includes(state));

  test("a failure undoes what can be undone, and never claims success", () => {
    for (const state of unfinished) {
      const next = afterFailure(state);
      expect(["CLEANING", "ROLLING_BACK", "STUCK"]).toContain(next);
      // Undoing that fails is not tried for ever.
      if (state === "CLEANING" || state === "ROLLING_BACK") expect(next).toBe("STUCK");
    }
    expect(afterFailure("EXPANDED", "SM-MIGRATION-FAILED")).toBe("CLEANING");
    expect(afterFailure("EXPANDED", "SM-MIGRATION-HALF")).toBe("STUCK");
    expect(unfinished.filter((state) => afterFailure(state) === "STUCK")).toEqual([
      "DRAINED",
      "CLEANING",
      "ROLLING_BACK",
    ]);
  });

  test("after a crash the real share decides; an undo that had begun is never turned round", () => {
    const facts = fc.record({
      share: fc.integer({ min: 0, max: 100 }),
      awayMs: fc.nat(10_000_000),
      everyMs: fc.nat(600_000),
      strategy: fc.constantFrom(...StrategyKind.options),
    });
    fc.assert(
      fc.property(fc.constantFrom(...unfinished), facts, (state, seen) => {
        const next = resumeState(state, seen);
        expect(FINAL_STATES).not.toContain(next);
        if (state !== "SHIFTING" && state !== "ANALYZING") expect(next).toBe(state);
        else if (seen.strategy === "recreate") expect(next).toBe(state);
        else if (seen.share === 0) expect(next).toBe("VERIFIED");
        else expect([state, "ROLLING_BACK"]).toContain(next);
      }),
    );
  });

  test.each([
    // A grant that has ended: the same step again, whenever that is noticed.
    { state: "ANALYZING", share: 0, awayMs: 62_000, next: "VERIFIED" },
    { state: "ANALYZING", share: 0, awayMs: 10 * 60_000, next: "VERIFIED" },
    { state: "SHIFTING", share: 0, awayMs: 5_000, next: "VERIFIED" },
    { state: "ANALYZING", share: 25, awayMs: 5_000, next: "ANALYZING" },
    { state: "SHIFTING", share: 25, awayMs: 5_000, next: "SHIFTING" },
    { state: "ANALYZING", share: 25, awayMs: 10 * 60_000, next: "ROLLING_BACK" },
    { state: "BAKING", share: 100, awayMs: 10 * 60_000, next: "BAKING" },
  ] as const)("$state with $share % after $awayMs ms: $next", ({ state, share, awayMs, next }) => {
    expect(resumeState(state, { strategy: "canary", share, awayMs, everyMs: 90_000 })).toBe(next);
  });

  test("a recreate that was cut off after it stopped the old release goes on, and can still bring it back", () => {
    const next = resumeState("SHIFTING", { strategy: "recreate", share: 0, awayMs: 10 * 60_000, everyMs: 0 });
    expect([next, afterFailure(next)]).toEqual(["SHIFTING", "ROLLING_BACK"]);
  });
});
