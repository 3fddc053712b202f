import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { sql } from "../../store/drizzle.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import type { Engine } from "../engine.ts";
import { createStoredMeters } from "./stored.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

async function add(id: string): Promise<void> {
  await store.db.execute(sql`INSERT INTO incident (id, app, environment, key, service, component, family, state, severity, symptom, occurrence, events,
      escalated, frozen, members, healing, onset, detected_at, failing_since, opened_at)
    VALUES (${id}, 'shop', 'staging', ${id}, 'api', 'service', 'availability', 'open', 'SEV2', 'x', 1, 1, false, false, '{}', '{}', now(), now(), now(), now())`);
  await store.db.execute(sql`INSERT INTO heal_action (incident_id, number, app, environment, service, remedy, outcome, at, ended_at) VALUES
    (${id}, 1, 'shop', 'staging', 'api', 'escalate', 'succeeded', now(), now()),
    (${id}, 2, 'shop', 'staging', 'api', 'escalate', 'failed', now(), now()),
    (${id}, 3, 'shop', 'staging', 'api', 'escalate', 'running', now(), NULL)`);
  await store.db.execute(sql`INSERT INTO outbox (app, incident_id, channel, event, message, state, created_at, next_at) VALUES
    ('shop', ${id}, 'ops', 1, '{}', 'delivered', now(), now()), ('shop', ${id}, 'ops', 2, '{}', 'delivered', now(), now()),
    ('shop', ${id}, 'boss', 2, '{}', 'dead', now(), now()), ('shop', ${id}, 'ops', 3, '{}', 'pending', now(), now())`);
}

test("what was counted does not get less when old rows are removed", async () => {
  const registry = new Registry();
  const failures: unknown[] = [];
  const engine = { store, environment: "staging", clock: systemClock, manifest: { project: "shop", services: {} } };
  createStoredMeters(registry, engine as unknown as Engine, (error) => failures.push(error));
  const totals = async () => {
    const lines = (await registry.metrics()).split("\n");
    return lines.filter((line) => /^stationmaster_(heal_actions|notifications)_total/.test(line)).sort();
  };
  for (const id of ["inc-1", "inc-2"]) await add(id);
  const before = await totals();
  expect(before).toEqual([
    'stationmaster_heal_actions_total{step="escalate",outcome="failed"} 2',
    'stationmaster_heal_actions_total{step="escalate",outcome="succeeded"} 2',
    'stationmaster_notifications_total{channel="boss",outcome="dead"} 2',
    'stationmaster_notifications_total{channel="ops",outcome="delivered"} 4',
  ]);
  for (const id of ["inc-1", "inc-2"]) {
    await store.db.execute(sql`DELETE FROM outbox WHERE incident_id = ${id}`);
    await store.db.execute(sql`DELETE FROM heal_action WHERE incident_id = ${id}`);
    expect(await totals()).toEqual(before);
  }
  await add("inc-3");
  expect((await totals())[3]).toMatch(/"delivered"} 6$/);
  expect(failures).toEqual([]);
});
