import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdict } from "../../contract/check.ts";
import { isOver } from "../../contract/incident.ts";
import { sql } from "../../store/drizzle.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { createWorld, MINUTE, SECOND, verdict, type World } from "../testing.ts";

let store: TestStore;
let runs = 0;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

/** A verdict, and how often it comes again: at once, from the other daemon, or a while later. */
const step = fc.record({
  to: fc.constantFrom<Verdict>("UP", "UP", "SUSPECT", "DOWN", "DOWN", "DEGRADED", "INTERMITTENT", "UNKNOWN"),
  check: fc.constantFrom("staging/api/health", "staging/api/process"),
  class: fc.constantFrom("refused", "http-5xx", "assertion"),
  again: fc.constantFrom("never" as const, "at once" as const, "elsewhere" as const, "later" as const),
  wait: fc.constantFrom(SECOND, 30 * SECOND, 6 * MINUTE, 35 * MINUTE),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

test("verdicts that come twice, in whatever order and wherever, leave what verdicts that come once leave", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      const once = await play(steps.map((item) => ({ ...item, again: "never" })));
      expect(await play(steps)).toEqual(once);
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 300_000);

/** What is seen of the incidents in the end, and what people were told. */
async function play(steps: readonly Step[]): Promise<unknown> {
  runs += 1;
  const app = `twice${runs}`;
  const leader = await createWorld(store, { app });
  const other = await createWorld(store, { app, leaves: true });
  try {
    await leader.grant("api");
    for (const item of steps) await take({ leader, other }, item);
    const all = await leader.incidents.list({ limit: 100 });
    const open = all.filter(({ state }) => !isOver(state)).map(({ key }) => key);
    expect(new Set(open).size).toBe(open.length);
    expect([...leader.failures, ...other.failures]).toEqual([]);
    await leader.outbox.drain();
    const { rows } = await store.db.execute(sql`
      SELECT e.at, e.kind, e.text FROM incident_event e JOIN incident i ON i.id = e.incident_id
      WHERE i.app = ${app} ORDER BY i.opened_at, i.component, i.family, e.seq`);
    const seen = all.map(({ state, severity, symptom }) => ({ state, severity, symptom }));
    // Its own and that of the one before it are all that differs.
    return JSON.parse(JSON.stringify({ seen, rows, did: leader.did }).replaceAll(/inc-\w+/g, "inc"));
  } finally {
    await other.stop();
    await leader.stop();
  }
}

async function take({ leader, other }: { leader: World; other: World }, item: Step): Promise<void> {
  const isWell = item.to === "UP" || item.to === "UNKNOWN";
  const at = leader.clock.now();
  const said = { checkId: item.check, at, onset: at, ...(isWell ? {} : { class: item.class }) };
  const event = verdict(item.to, said);
  await leader.incidents.handle(event);
  await leader.settle();
  if (item.again === "at once") await leader.incidents.handle(event);
  if (item.again === "elsewhere") await other.incidents.handle(event);
  await pass({ leader, other }, item.wait);
  if (item.again === "later") await leader.incidents.handle(event);
  await leader.settle();
}

async function pass({ leader, other }: { leader: World; other: World }, ms: number): Promise<void> {
  await other.jump(ms);
  await leader.pass(ms, Math.max(SECOND, ms / 30));
}

test("one failure that is handed to two daemons many times at the same moment is one incident and is told once", async () => {
  runs += 1;
  const app = `twice${runs}`;
  const [one, two] = [await createWorld(store, { app }), await createWorld(store, { app })];
  try {
    const event = verdict("DOWN", { class: "assertion" });
    await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? one : two).incidents.handle(event)));
    await Promise.all([one.settle(), two.settle()]);
    await one.only();
    await one.outbox.drain();
    expect([...one.messages, ...two.messages].filter(({ kind }) => kind === "opened")).toHaveLength(1);
  } finally {
    await one.stop();
    await two.stop();
  }
});
