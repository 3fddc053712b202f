import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "../store/drizzle.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { grantFirst, renew, restartsLeft } from "./epochs.ts";
import { keyScope, serviceScope } from "./key.ts";
import { controlDatabaseTime, MINUTE, START } from "./testing.ts";
import { RestartTicket } from "./ticket.ts";

let store: TestStore;
let setTime: (at: number) => Promise<void>;
let app = "app0";
let apps = 0;
beforeAll(async () => {
  store = await openTestStore();
  setTime = await controlDatabaseTime(store);
});
afterAll(() => store.drop());
beforeEach(async () => {
  apps += 1;
  app = `app${apps}`;
  await setTime(START);
});

const left = (service = "api") => restartsLeft(store.db, [serviceScope(app, "staging", service)]);

/** A rollout of these services that ends in `state`, as the deployer writes it. */
async function roll(id: string, state: string, services: Record<string, string> = { api: "replace" }, kind = "deploy") {
  const plan = { services: Object.entries(services).map(([service, action]) => ({ service, action })) };
  await store.db.execute(sql`
    INSERT INTO rollout (id, app, env, release, kind, strategy, plan, plan_hash, state, generation, actor)
    VALUES (${`${app}-${id}`}, ${app}, 'staging', ${id}, ${kind}, 'blue-green', ${JSON.stringify(plan)}::jsonb, 'h', 'PLANNED', 1, 'alice')`);
  await store.db.execute(sql`UPDATE rollout SET state = ${state} WHERE id = ${`${app}-${id}`}`);
}

test("the first rollout that succeeded grants the restarts, and no other one refills them", async () => {
  await roll("r1", "ROLLED_BACK");
  expect(await left()).toBe(0);
  await roll("r2", "SUCCEEDED", { api: "replace", web: "keep", old: "remove" });
  expect([await left(), await left("web"), await left("old")]).toEqual([2, 2, 0]);
  await grantFirst(store.db, keyScope(app, "k"), "test");
  const request = { app, environment: "staging", service: "api", key: "k", incidentId: "none", action: 1 };
  await RestartTicket.mint(store, request);
  await roll("r3", "SUCCEEDED");
  expect(await left()).toBe(1);
});

test("taking something away from a database grants nothing; a service that is renamed waits for its own rollout", async () => {
  await roll("r1", "SUCCEEDED", { api: "keep" }, "contract");
  expect(await left()).toBe(0);
  await roll("r2", "SUCCEEDED");
  expect(await left("renamed")).toBe(0);
  await roll("r3", "SUCCEEDED", { renamed: "create" });
  expect(await left("renamed")).toBe(2);
});

test("two rollouts of one service that succeed at once grant its restarts once", async () => {
  await Promise.all([roll("r1", "SUCCEEDED"), roll("r2", "SUCCEEDED"), roll("r3", "SUCCEEDED")]);
  expect(await left()).toBe(2);
});

test("a restore voids what is open: no restart and no new grant for an hour, then it can be earned", async () => {
  await roll("r1", "SUCCEEDED");
  await grantFirst(store.db, keyScope(app, "k"), "test");
  await store.db.execute(sql`SELECT heal_void_open('restored from a backup')`);
  const request = { app, environment: "staging", service: "api", key: "k", incidentId: "none", action: 1 };
  expect(await left()).toBe(0);
  expect(await RestartTicket.mint(store, request)).toEqual({ refused: expect.stringContaining("restore") });
  await roll("r2", "SUCCEEDED");
  await setTime(START + 60 * MINUTE);
  expect(await renew(store.db, serviceScope(app, "staging", "api"), "too early")).toBe(false);
  expect(await left()).toBe(0);
  await setTime(START + 60 * MINUTE + 1);
  for (const scope of [serviceScope(app, "staging", "api"), keyScope(app, "k")])
    expect(await renew(store.db, scope, "earned")).toBe(true);
  expect(RestartTicket.isGenuine(await RestartTicket.mint(store, request))).toBe(true);
  const { rows } = await store.db.execute<{ voided: number }>(sql`SELECT heal_void_open('again') AS voided`);
  expect(rows[0]?.voided).toBeGreaterThanOrEqual(2);
});
