import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../store/drizzle.ts";
import { openTestStore, rowsRead, type TestStore } from "../store/testing.ts";
import { loadLive } from "./rows.ts";

const CLOSED = 3_000;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await store.db.execute(sql`
    INSERT INTO incident (id, app, environment, key, service, component, family, state, severity, symptom, occurrence, events, escalated, frozen,
      members, healing, onset, detected_at, failing_since, opened_at, resolved_at, closed_at)
    SELECT 'inc-' || i, 'shop', 'staging', 'key-' || i, 'api', 'service', 'availability',
      CASE i WHEN 1 THEN 'open' WHEN 2 THEN 'resolved' WHEN 3 THEN 'review' ELSE 'closed' END,
      'SEV2', 'process gone', 1, 1, false, false, '{}', '{}', now(), now(), now(), now() + i * interval '1 second',
      CASE WHEN i > 1 THEN now() END, CASE WHEN i > 3 THEN now() END
    FROM generate_series(1, ${CLOSED}::int) AS i`);
  await store.db.execute(sql`ANALYZE incident`);
});
afterAll(() => store.drop());

test("those for which time passes are found without going through all that ever were", async () => {
  const { found, rows } = await rowsRead(store, "incident", (tx) =>
    loadLive(tx, { app: "shop", environment: "staging" }),
  );
  expect(found.map(({ id }) => id)).toEqual(["inc-1", "inc-2"]);
  expect(rows).toBeLessThan(20);
});
