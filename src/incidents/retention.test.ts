import { afterEach, beforeEach, expect, test } from "vitest";
import { sql } from "../store/drizzle.ts";
import { insertPublicUpdate } from "../store/public-updates.ts";
import { putReportIssue } from "../store/report-issues.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { tidyTime } from "../store/tidy-clock.ts";
import { recordEvents } from "../watch/state.ts";
import { newCheck } from "../watch/verdict.ts";
import { removeOld } from "./retention.ts";
import { createWorld, MINUTE, SECOND, START, verdict, type World } from "./testing.ts";

const DAY = 24 * 60 * MINUTE;

let store: TestStore;
let world: World;
beforeEach(async () => {
  store = await openTestStore();
  await store.db.execute(sql`CREATE TABLE test_tidy (at timestamptz NOT NULL)`);
  await store.db.execute(sql`INSERT INTO test_tidy VALUES (now())`);
  await store.db.execute(
    sql`CREATE OR REPLACE FUNCTION tidy_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT at FROM test_tidy $$`,
  );
  await setClock(START);
  world = await createWorld(store);
  await world.grant("api");
});
afterEach(async () => {
  await world.stop();
  await store.drop();
});

async function setClock(at: number): Promise<void> {
  await store.db.execute(sql`UPDATE test_tidy SET at = ${new Date(at).toISOString()}::timestamptz`);
}

/** The days pass, each is noticed, and on the last one it is tidied. */
async function live(from: number, to: number): Promise<void> {
  await store.db.execute(sql`
    DO $$ BEGIN
      FOR day IN ${sql.raw(`${from}..${to}`)} LOOP
        UPDATE test_tidy SET at = ${sql.raw(`'${new Date(START).toISOString()}'`)}::timestamptz + day * interval '1 day';
        PERFORM tidy_advance();
      END LOOP;
    END $$`);
  await removeOld(store);
}

async function count(table: string): Promise<number> {
  const { rows } = await store.db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM ${sql.identifier(table)}`);
  return rows[0]?.n ?? 0;
}

/** One that was restarted for, told of, and is closed. */
async function pastIncident(checkId = "staging/api/health"): Promise<string> {
  await world.say("DOWN", { checkId });
  const { id } = await world.only();
  await world.say("UP", { checkId });
  await world.pass(60 * MINUTE, 30 * SECOND);
  await world.outbox.drain();
  await world.incidents.closeReview(id, "alice", "seen to");
  return id;
}

async function recordVerdict(at: number): Promise<void> {
  const event = verdict("DOWN", { at, onset: at });
  await recordEvents(store, [{ event, kept: { spec: { ...event, id: event.checkId }, state: newCheck } }]);
  await store.db.execute(sql`ALTER TABLE verdict_event DISABLE TRIGGER verdict_event_append_only`);
  await store.db.execute(sql`UPDATE verdict_event SET recorded_at = at`);
  await store.db.execute(sql`ALTER TABLE verdict_event ENABLE TRIGGER verdict_event_append_only`);
}

const OWN = ["incident", "incident_event", "heal_action", "outbox"];
const LIMITS = ["heal_scope", "heal_epoch", "heal_restart", "heal_intent"];

test("what is closed goes after 400 days with all that belongs to it; what restarts have used stays on record", async () => {
  await recordVerdict(START);
  await pastIncident();
  await store.db.execute(sql`INSERT INTO silence (id, app, environment, kind, matcher, author, reason, from_at, until_at, created_at)
    SELECT 'sil-1', 'shop', 'staging', 'silence', '{}', 'alice', 'why', at, at + interval '1 hour', at FROM test_tidy`);
  const limits = await Promise.all(LIMITS.map(count));
  expect(limits.every((rows) => rows > 0)).toBe(true);
  await live(0, 399);
  expect(await Promise.all([...OWN, "silence", "verdict_event"].map(count))).not.toContain(0);
  await live(400, 402);
  expect(await Promise.all([...OWN, "silence", "verdict_event"].map(count))).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await Promise.all(LIMITS.map(count))).toEqual(limits);
  for (const table of LIMITS)
    await expect(store.db.execute(sql`DELETE FROM ${sql.identifier(table)}`)).rejects.toThrow();
});

test("what is not closed, or has something left to do, stays however old", async () => {
  const id = await pastIncident();
  await store.db.execute(sql`INSERT INTO action_item (id, app, environment, incident_id, text, owner, due, created_by, created_at)
    VALUES ('act-1', 'shop', 'staging', ${id}, 'x', 'bob', '2026-04-01', 'alice', now())`);
  await world.say("DOWN", { checkId: "staging/api/other", component: "other" });
  await live(0, 500);
  expect(await count("incident")).toBe(2);
  await store.db.execute(sql`UPDATE action_item SET done_at = now(), done_by = 'bob'`);
  await live(501, 501);
  expect(await count("incident")).toBe(1);
});

test("what was written for the public goes with its incident, and keeps it while it is younger", async () => {
  const id = await pastIncident();
  const write = async (day: number) =>
    await insertPublicUpdate(store.db, {
      ...{ app: "shop", incidentId: id, text: "we look into it", actor: "alice" },
      at: new Date(START + day * DAY),
    });
  await recordVerdict(START);
  await write(0);
  await write(3);
  await live(0, 402);
  expect(await Promise.all(["incident", "public_update", "verdict_event"].map(count))).toEqual([1, 2, 0]);
  await live(403, 404);
  expect(await Promise.all([...OWN, "public_update"].map(count))).toEqual([0, 0, 0, 0, 0]);
});

test("what is known of the issues of action items goes with them", async () => {
  const id = await pastIncident();
  await store.db.execute(sql`INSERT INTO action_item (id, app, environment, incident_id, text, owner, due, created_by, created_at, done_at, done_by)
    VALUES ('act-1', 'shop', 'staging', ${id}, 'x', 'bob', '2026-04-01', 'alice', now(), now(), 'bob')`);
  const issue = { app: "shop", environment: "staging", repository: "acme/shop", number: 7, url: "", textHash: "" };
  const seen = { lookedAt: new Date(START), settled: true };
  for (const subject of ["act-1", "audit:2026-W09"]) await putReportIssue(store.db, { ...issue, subject, ...seen });
  await live(0, 402);
  expect(await Promise.all(["incident", "action_item", "report_issue"].map(count))).toEqual([0, 0, 1]);
});

test("nobody removes what is younger, whatever statement is used", async () => {
  await recordVerdict(START);
  const id = await pastIncident();
  await insertPublicUpdate(store.db, { app: "shop", incidentId: id, text: "x", actor: "alice", at: new Date(START) });
  for (const day of [0, 399]) {
    await live(day, day);
    for (const statement of [
      sql`DELETE FROM incident_event`,
      sql`DELETE FROM verdict_event`,
      sql`DELETE FROM public_update`,
      sql`UPDATE incident_event SET text = ''`,
      sql`UPDATE public_update SET text = 'y'`,
      sql`UPDATE verdict_event SET detail = ''`,
      sql`TRUNCATE incident_event CASCADE`,
      sql`TRUNCATE verdict_event`,
    ])
      await expect(store.db.execute(statement)).rejects.toThrow();
  }
});

test.each([
  ["at once", [0, 1_000, 1_001, 1_100]],
  ["at the first look", [1_000, 1_001, 1_100]],
  ["again and again", [0, 900, 1, 901, 2, 902, 3, 903]],
])("a clock that leaps ahead %s removes nothing", async (_, days) => {
  await recordVerdict(START);
  await pastIncident();
  const before = await Promise.all([...OWN, "verdict_event"].map(count));
  for (const day of days) await live(day, day);
  expect(await Promise.all([...OWN, "verdict_event"].map(count))).toEqual(before);
});

test("the time never runs ahead of the clock, follows it from day to day, and goes after a leap by twice a day at most", async () => {
  expect(await tidyTime(store)).toBe(START);
  await setClock(START + 12 * 60 * MINUTE);
  expect(await tidyTime(store)).toBe(START + 12 * 60 * MINUTE);
  await setClock(START - DAY);
  expect(await tidyTime(store)).toBe(START - DAY);
  await setClock(START + 90 * DAY);
  expect(await tidyTime(store)).toBe(START + DAY);
  await setClock(START + 120 * DAY);
  expect(await tidyTime(store)).toBe(START + 3 * DAY);
});
