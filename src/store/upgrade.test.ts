import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./connect.ts";
import { drizzle, migrate, sql } from "./drizzle.ts";
import { createTestDatabase } from "./testing.ts";

const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));
const SCHEMA = "stationmaster";

let folder: string;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stationmaster-upgrade-"));
  database = await createTestDatabase();
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Brings the database to where it was with the first `count` migrations, and runs the statement on it. */
async function asOf(count: number, statement: string): Promise<void> {
  await cp(MIGRATIONS, folder, { recursive: true });
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(file, "utf8")) as { entries: unknown[] };
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  const client = new pg.Client({
    connectionString: database.url,
    options: `-c search_path=${SCHEMA},public -c timezone=UTC`,
  });
  await client.connect();
  try {
    await client.query(`create schema ${SCHEMA}`);
    await migrate(drizzle(client), {
      migrationsFolder: folder,
      migrationsSchema: SCHEMA,
      migrationsTable: "migration",
    });
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const DATA = `
  INSERT INTO incident (id, app, environment, key, service, component, family, state, severity, symptom, occurrence, events, escalated, frozen, members, healing,
      onset, detected_at, failing_since, opened_at, resolved_at, closed_at)
    VALUES ('inc-1', 'shop', 'staging', 'k', 'api', 'service', 'availability', 'closed', 'SEV2', 'process gone', 1, 1, false, false, '{}', '{}',
      now() - interval '500 days', now() - interval '500 days', now() - interval '500 days', now() - interval '500 days', now() - interval '499 days', now() - interval '499 days');
  INSERT INTO incident_event (incident_id, seq, at, kind, text, data) VALUES ('inc-1', 1, now() - interval '500 days', 'opened', 'x', '{}');
  INSERT INTO heal_action (incident_id, number, app, environment, service, remedy, outcome, evidence_seq, at, ended_at)
    VALUES ('inc-1', 1, 'shop', 'staging', 'api', 'restart', 'succeeded', 1, now() - interval '500 days', now() - interval '500 days');
  INSERT INTO outbox (app, incident_id, channel, event, message, state, created_at, next_at)
    VALUES ('shop', 'inc-1', 'pager', 1, '{}', 'delivered', now(), now());
  INSERT INTO outbox (app, incident_id, channel, event, message, state, created_at, next_at, told_with)
    SELECT 'shop', 'inc-1', 'pager', 2, '{}', 'delivered', now(), now(), id FROM outbox;
  INSERT INTO verdict_event (check_id, environment, service, component, critical, every_ms, from_verdict, to_verdict, at, onset, recorded_at)
    SELECT 'staging/api/health', 'staging', 'api', 'service', true, 1000, 'UP', 'DOWN', at, at, at FROM unnest(ARRAY[now() - interval '500 days', now()]) AS at;
  INSERT INTO bucket_minute (check_id, minute, epoch, ok, slow, fail, unknown, skipped, sum_ms, histogram)
    SELECT 'staging/api/health', date_trunc('minute', at), 0, 1, 0, 0, 0, 0, 1, '{}'
    FROM unnest(ARRAY[now() - interval '9 days', now() - interval '1 day', now(), now() + interval '9 days']) AS at;`;

test("what an earlier version kept is there after the upgrade", async () => {
  await asOf(17, DATA);
  const store = await openStore({ url: database.url });
  try {
    const rows = async (table: string) => {
      const { rows: found } = await store.db.execute<{ n: number }>(
        sql`SELECT count(*)::int AS n FROM ${sql.identifier(table)}`,
      );
      return found[0]?.n;
    };
    const kept = ["incident", "incident_event", "heal_action", "outbox", "verdict_event", "bucket_minute"];
    expect(await Promise.all(kept.map(rows))).toEqual([1, 1, 1, 2, 2, 4]);
    expect(await rows("bucket_minute_other")).toBe(1);
    await store.db.execute(sql`INSERT INTO bucket_minute (check_id, minute, epoch, ok, slow, fail, unknown, skipped, sum_ms, histogram)
      SELECT check_id, minute + interval '1 minute', epoch, ok, slow, fail, unknown, skipped, sum_ms, histogram FROM bucket_minute`);
    expect(await rows("bucket_minute")).toBe(8);
  } finally {
    await store.close();
  }
});
