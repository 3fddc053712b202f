import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "../store/drizzle.ts";
import { sqlState } from "../store/sql-state.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { grantFirst, renew, restartsLeft } from "./epochs.ts";
import { keyScope, serviceScope } from "./key.ts";
import { controlDatabaseTime, MINUTE, START } from "./testing.ts";
import { RestartTicket } from "./ticket.ts";

let store: TestStore;
let setTime: (at: number) => Promise<void>;
beforeAll(async () => {
  store = await openTestStore();
  setTime = await controlDatabaseTime(store);
});
afterAll(() => store.drop());

let runs = 0;
/** Scopes nobody used before. */
function freshApp(): string {
  runs += 1;
  return `app${runs}`;
}

function mint(app: string, service = "api", key = "k1") {
  return RestartTicket.mint(store, { app, environment: "test", service, key, incidentId: "none", action: 1 });
}

async function intents(app: string): Promise<Map<string, number[]>> {
  const { rows } = await store.db.execute<{ scope: string; intent_at: string }>(sql`
    SELECT scope, intent_at FROM heal_restart WHERE strpos(scope, ${`:${app}/`}) > 0 ORDER BY scope, intent_at`);
  const groups = Map.groupBy(rows, (row) => row.scope);
  return new Map([...groups].map(([scope, group]) => [scope, group.map((row) => new Date(row.intent_at).getTime())]));
}

function expectAtMostTwo(times: Map<string, number[]>): void {
  for (const [scope, list] of times)
    for (const start of list) {
      const inWindow = list.filter((at) => at >= start && at <= start + 60 * MINUTE);
      expect(inWindow.length, `restarts of ${scope} in 60 min`).toBeLessThanOrEqual(2);
    }
}

async function refusedSql(statement: ReturnType<typeof sql>): Promise<string | undefined> {
  try {
    await store.db.execute(statement);
    return undefined;
  } catch (error) {
    return sqlState(error);
  }
}

describe("restart tickets", () => {
  test("two an epoch in both scopes, whoever asks and however many at once", async () => {
    const app = freshApp();
    await setTime(START);
    expect(await mint(app)).toEqual({ refused: expect.stringContaining("no restart was granted") });
    await grantFirst(store.db, serviceScope(app, "test", "api"), "test");
    await grantFirst(store.db, keyScope(app, "k1"), "test");
    const answers = await Promise.all(Array.from({ length: 8 }, () => mint(app)));
    expect(answers.filter((answer) => RestartTicket.isGenuine(answer))).toHaveLength(2);
    expect(await restartsLeft(store.db, [serviceScope(app, "test", "api"), keyScope(app, "k1")])).toBe(0);
  });

  test("one slot is taken in both scopes or in neither", async () => {
    const app = freshApp();
    await grantFirst(store.db, serviceScope(app, "test", "api"), "test");
    expect(await mint(app)).toHaveProperty("refused");
    expect(await restartsLeft(store.db, [serviceScope(app, "test", "api")])).toBe(2);
  });

  test("a ticket is used once; a second use throws", async () => {
    const app = freshApp();
    await grantFirst(store.db, serviceScope(app, "test", "api"), "test");
    await grantFirst(store.db, keyScope(app, "k1"), "test");
    const ticket = await mint(app);
    if (!RestartTicket.isGenuine(ticket)) throw new Error("no ticket");
    const uses = await Promise.allSettled([ticket.spend(store), ticket.spend(store)]);
    expect(uses.map((use) => use.status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(ticket.spend(store)).rejects.toMatchObject({ code: "SM-HEAL-TICKET" });
    expect(RestartTicket.isGenuine({ ...ticket })).toBe(false);
  });

  test("a first epoch is granted once, a later one only 60 min after the last restart", async () => {
    const app = freshApp();
    const scope = serviceScope(app, "test", "api");
    await setTime(START);
    expect(await grantFirst(store.db, scope, "first")).toBe(true);
    expect(await grantFirst(store.db, scope, "again")).toBe(false);
    expect(await renew(store.db, scope, "unused")).toBe(false);
    await grantFirst(store.db, keyScope(app, "k1"), "test");
    await mint(app);
    await setTime(START + 60 * MINUTE);
    expect(await renew(store.db, scope, "too early")).toBe(false);
    expect(await refusedSql(sql`INSERT INTO heal_epoch VALUES (${scope}, 2, '2000-01-01', 'forged')`)).toBe("SM002");
    await setTime(START + 60 * MINUTE + 1);
    expect(await renew(store.db, scope, "earned")).toBe(true);
    expect(await refusedSql(sql`INSERT INTO heal_restart VALUES (${scope}, 1, 2, gen_random_uuid(), now())`)).toBe(
      "SM001",
    );
  });

  test("a clock that is set back after a grant does not make restarts look closer together, or further apart", async () => {
    const app = freshApp();
    const scope = serviceScope(app, "test", "api");
    await setTime(START);
    await grantFirst(store.db, scope, "test");
    await grantFirst(store.db, keyScope(app, "k1"), "test");
    await mint(app);
    await mint(app);
    await setTime(START + 61 * MINUTE);
    await renew(store.db, scope, "earned");
    await renew(store.db, keyScope(app, "k1"), "earned");
    await setTime(START + 20 * MINUTE);
    await mint(app);
    expect((await intents(app)).get(scope)).toEqual([START, START, START + 61 * MINUTE]);
  });

  test("what is on record stays: no delete, truncate or rewriting", async () => {
    const app = freshApp();
    const scope = serviceScope(app, "test", "api");
    await grantFirst(store.db, scope, "test");
    await grantFirst(store.db, keyScope(app, "k1"), "test");
    await mint(app);
    for (const statement of [
      sql`DELETE FROM heal_restart`,
      sql`DELETE FROM heal_epoch`,
      sql`DELETE FROM heal_scope`,
      sql`TRUNCATE heal_restart`,
      sql`TRUNCATE heal_scope CASCADE`,
      sql`UPDATE heal_epoch SET epoch = epoch + 1`,
      sql`UPDATE heal_restart SET intent_at = intent_at - interval '2 hours'`,
      sql`UPDATE heal_restart SET scope = 'other'`,
      sql`UPDATE heal_restart SET slot = 2`,
      sql`INSERT INTO heal_restart VALUES (${scope}, 1, 1, gen_random_uuid(), now()) ON CONFLICT DO NOTHING; UPDATE heal_restart SET action = gen_random_uuid()`,
    ])
      expect(await refusedSql(statement)).toBeDefined();
  });
});

/** One attempt to get restarts, fair or not. */
type Step =
  | { do: "pass"; ms: number }
  | { do: "mint"; asks: { service: string; key: string }[] }
  | { do: "renew"; scope: number }
  | { do: "insert"; scope: number; epoch: number; slot: number; backdate: number; rows: number }
  | { do: "epoch"; scope: number; epoch: number }
  | { do: "rival"; scope: number; isolation: string };

const SERVICES = ["api", "web"];
const KEYS = ["k1", "k2"];
const scope = fc.nat({ max: SERVICES.length + KEYS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("pass" as const),
    ms: fc.oneof(fc.integer({ min: 0, max: 70 * MINUTE }), fc.constantFrom(60 * MINUTE, 61 * MINUTE, -30 * MINUTE)),
  }),
  fc.record({
    do: fc.constant("mint" as const),
    asks: fc.array(fc.record({ service: fc.constantFrom(...SERVICES), key: fc.constantFrom(...KEYS) }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fc.record({ do: fc.constant("renew" as const), scope }),
  fc.record({
    do: fc.constant("insert" as const),
    ...{ scope, epoch: fc.integer({ min: 0, max: 4 }), slot: fc.integer({ min: 0, max: 3 }) },
    ...{ backdate: fc.integer({ min: -90, max: 90 }), rows: fc.integer({ min: 1, max: 3 }) },
  }),
  fc.record({ do: fc.constant("epoch" as const), scope, epoch: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    do: fc.constant("rival" as const),
    scope,
    isolation: fc.constantFrom("read committed", "repeatable read", "serializable"),
  }),
);

test("any 60 minutes hold at most 2 restarts a scope, whatever is tried", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const app = freshApp();
      const scopes = [
        ...SERVICES.map((service) => serviceScope(app, "test", service)),
        ...KEYS.map((key) => keyScope(app, key)),
      ];
      let now = START;
      await setTime(now);
      for (const name of scopes) await grantFirst(store.db, name, "test");
      for (const item of steps) {
        if (item.do === "pass") {
          now += item.ms;
          await setTime(now);
        } else if (item.do === "mint") await Promise.all(item.asks.map((ask) => mint(app, ask.service, ask.key)));
        else await attack(item, scopes[item.scope] ?? "");
        expectAtMostTwo(await intents(app));
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

async function attack(item: Exclude<Step, { do: "pass" | "mint" }>, name: string): Promise<void> {
  if (item.do === "renew") await renew(store.db, name, "test");
  if (item.do === "epoch")
    await refusedSql(sql`INSERT INTO heal_epoch VALUES (${name}, ${item.epoch}, now(), 'forged')`);
  if (item.do === "insert")
    await refusedSql(sql`INSERT INTO heal_restart (scope, epoch, slot, action, intent_at)
      SELECT ${name}, ${item.epoch}::int, ${item.slot}::int, gen_random_uuid(), now() - ${item.backdate}::int * interval '1 minute' FROM generate_series(1, ${item.rows}::int)`);
  if (item.do === "rival") await rivals(name, item.isolation);
}

/** Two transactions that both looked before either wrote. */
async function rivals(name: string, isolation: string): Promise<void> {
  const insert =
    "INSERT INTO heal_restart (scope, epoch, slot, action, intent_at) SELECT $1::text, max(epoch), 1, gen_random_uuid(), now() FROM heal_epoch WHERE scope = $1";
  const clients = await Promise.all([store.pool.connect(), store.pool.connect()]);
  try {
    for (const client of clients) {
      await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
      await client.query("SELECT count(*) FROM heal_restart WHERE scope = $1", [name]);
    }
    await Promise.all(
      clients.map(async (client) => {
        try {
          await client.query(insert, [name]);
          await client.query("COMMIT");
        } catch {
          await client.query("ROLLBACK");
        }
      }),
    );
  } finally {
    for (const client of clients) client.release();
  }
}
