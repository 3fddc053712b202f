import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdict } from "../contract/check.ts";
import { sql } from "../store/drizzle.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { keyScope, serviceScope } from "./key.ts";
import { createWorld, MINUTE, SECOND, type World } from "./testing.ts";

let store: TestStore;
let runs = 0;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

/** Where a restart ends, if not well: before or after the service was touched, for the daemon or for the process. */
const FAULTS = ["fails", "daemon dies first", "daemon dies after"] as const;
const who = fc.nat(1);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("say" as const),
      who,
      to: fc.constantFrom<Verdict>("UP", "SUSPECT", "DOWN", "DOWN", "DOWN", "UNKNOWN"),
      class: fc.constantFrom("refused", "process-gone", "http-5xx"),
      check: fc.constantFrom("staging/api/health", "staging/api/process"),
      component: fc.constantFrom("service", "login"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      who,
      ms: fc.constantFrom(5 * SECOND, MINUTE, 3 * MINUTE, 20 * MINUTE, 61 * MINUTE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("jump" as const), who, ms: fc.constantFrom(-40 * MINUTE, 90 * MINUTE) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fault" as const), who, fault: fc.constantFrom(...FAULTS) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("sql" as const),
      what: fc.constantFrom("restart" as const, "epoch" as const, "backdated" as const, "restore" as const),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test("two daemons, crashes at every step, clocks that jump, restores and rows by hand: at most 2 restarts a scope in 60 min", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 22 }), async (steps) => {
      runs += 1;
      const app = `limit${runs}`;
      const worlds: [World, World] = [await createWorld(store, { app }), await createWorld(store, { app })];
      try {
        await worlds[0].grant("api");
        for (const item of steps) {
          await take(worlds, item, app);
          await expectAtMostTwo(app);
        }
        await expectAccounted(worlds, app);
      } finally {
        for (const world of worlds) await world.stop();
      }
    }),
    { numRuns: 20, endOnFailure: true },
  );
}, 300_000);

async function take(worlds: [World, World], item: Step, app: string): Promise<void> {
  if (item.do === "sql") return await attack(item.what, app);
  const world = worlds[item.who === 0 ? 0 : 1];
  if (item.do === "say") {
    const { check: checkId, component } = item;
    const isWell = item.to === "UP" || item.to === "UNKNOWN";
    await world.say(item.to, isWell ? { checkId, component } : { checkId, component, class: item.class });
  }
  if (item.do === "pass") await world.pass(item.ms, Math.max(SECOND, item.ms / 15));
  if (item.do === "jump") await world.jump(item.ms);
  if (item.do === "crash") await world.restartDaemon();
  if (item.do === "fault") breakRestarts(world, item.fault);
}

/** The next restart of this daemon goes wrong; the ones after it do not. */
function breakRestarts(world: World, fault: (typeof FAULTS)[number]): void {
  const { restart } = world.hands;
  world.hands.restart = async (ticket, service, signal) => {
    world.hands.restart = restart;
    if (fault === "daemon dies first") throw new Error("killed before it touched anything");
    await restart(ticket, service, signal);
    throw new Error(fault === "fails" ? "it does not start" : "killed before it was written down");
  };
}

/** What another program on the same database might do; that it is refused is fine. */
async function attack(what: Extract<Step, { do: "sql" }>["what"], app: string): Promise<void> {
  const scope = serviceScope(app, "staging", "api");
  const newest = sql`(SELECT max(epoch) FROM heal_epoch WHERE scope = ${scope})`;
  const statements = {
    restart: sql`INSERT INTO heal_restart (scope, epoch, slot, action, intent_at) SELECT ${scope}, ${newest}, 1, gen_random_uuid(), now()`,
    epoch: sql`INSERT INTO heal_epoch (scope, epoch, granted_at, reason) SELECT ${scope}, 1 + ${newest}, '2000-01-01', 'forged'`,
    backdated: sql`INSERT INTO heal_restart (scope, epoch, slot, action, intent_at) SELECT ${scope}, ${newest}, 2, gen_random_uuid(), '2000-01-01'`,
    restore: sql`SELECT heal_void_open('restored')`,
  };
  await store.db.execute(statements[what]).catch(() => {});
}

async function expectAtMostTwo(app: string): Promise<void> {
  const { rows } = await store.db.execute<{ worst: number }>(sql`
    SELECT coalesce(max(near), 0)::int AS worst FROM (
      SELECT (SELECT count(*) FROM heal_restart b WHERE b.scope = a.scope
        AND b.intent_at BETWEEN a.intent_at AND a.intent_at + interval '60 minutes') AS near
      FROM heal_restart a WHERE starts_with(a.scope, ${serviceScope(app, "staging", "")}) OR starts_with(a.scope, ${keyScope(app, "")})) windows`);
  expect(rows[0]?.worst).toBeLessThanOrEqual(2);
}

/** No restart without a ticket that was there before it, no action without evidence, an intent and, unless it goes on, an outcome. */
async function expectAccounted(worlds: readonly World[], app: string): Promise<void> {
  const done = worlds.flatMap(({ did }) => did).filter(({ what }) => what === "restart api").length;
  const { rows } = await store.db.execute<{ spent: number; bad: number }>(sql`
    SELECT (SELECT count(*)::int FROM heal_restart WHERE scope = ${serviceScope(app, "staging", "api")} AND spent_at IS NOT NULL) AS spent,
      (SELECT count(*)::int FROM heal_action a
        LEFT JOIN incident_event e ON e.incident_id = a.incident_id AND e.seq = a.evidence_seq
        LEFT JOIN heal_intent i ON i.action = a.ticket
        WHERE a.app = ${app} AND a.remedy <> 'escalate' AND (e.kind IS DISTINCT FROM 'evidence'
          OR (a.outcome IN ('succeeded', 'failed') AND i.action IS NULL)
          OR (a.outcome NOT IN ('proposed', 'running') AND a.ended_at IS NULL))) AS bad`);
  expect(rows[0]?.bad).toBe(0);
  expect(done).toBeLessThanOrEqual(rows[0]?.spent ?? 0);
}
