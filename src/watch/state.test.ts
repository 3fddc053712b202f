import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../store/drizzle.ts";
import { openTestStore, rowsRead, type TestStore } from "../store/testing.ts";
import { undelivered } from "./state.ts";

const EVENTS = 100_000;
const CHECKS = 5_000;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await store.db.execute(sql`
    INSERT INTO verdict_event (check_id, environment, service, component, critical, every_ms, from_verdict, to_verdict, at, onset)
    SELECT 'staging/check/c' || i % ${CHECKS}::int, 'staging', 'api', 'service', true, 1000, 'UP', 'DOWN', now(), now()
    FROM generate_series(1, ${EVENTS}::int) AS i`);
  await store.db.execute(sql`
    INSERT INTO check_state (check_id, environment, service, verdict, recorded, delivered)
    SELECT check_id, 'staging', 'api', 'DOWN', max(seq), max(seq) FROM verdict_event GROUP BY check_id`);
  await store.db.execute(sql`ANALYZE`);
});
afterAll(() => store.drop());

test("what waits is found without going through what was delivered, oldest first", async () => {
  const find = (limit?: number) =>
    rowsRead(store, "verdict_event", (db) => undelivered({ db }, { environment: "staging", ...(limit && { limit }) }));
  expect(await find()).toEqual({ found: [], rows: 0 });
  await store.db.execute(sql`UPDATE check_state SET delivered = delivered - 2 * ${CHECKS}::int
    WHERE check_id IN ('staging/check/c7', 'staging/check/c5')`);
  const { found, rows } = await find();
  const seqs = [2, 1].flatMap((back) => [5, 7].map((check) => EVENTS - back * CHECKS + check));
  expect(found.map(({ seq }) => seq)).toEqual(seqs);
  expect(found.map(({ event }) => event.checkId)).toEqual(
    ["c5", "c7", "c5", "c7"].map((name) => `staging/check/${name}`),
  );
  expect(rows).toBeLessThan(100);
  expect((await find(3)).found.map(({ seq }) => seq)).toEqual(seqs.slice(0, 3));
});
