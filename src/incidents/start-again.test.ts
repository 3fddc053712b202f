import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../store/drizzle.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { actionsLeft } from "./budget.ts";
import { grantFirst, restartsLeft } from "./epochs.ts";
import { incidentKey, keyScope, serviceScope } from "./key.ts";
import { permitStart } from "./start-again.ts";
import { RestartTicket } from "./ticket.ts";

const PLACE = { app: "shop", environment: "staging" };
let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const keyOf = (service: string) =>
  incidentKey({ environment: PLACE.environment, service, component: "service", family: "availability" });
const scopesOf = (service: string) => [serviceScope("shop", "staging", service), keyScope("shop", keyOf(service))];
const permit = async (service: string, isCutOff = false) => {
  const permitted = await permitStart(store, PLACE, { service, isCutOff });
  if ("refused" in permitted) return permitted.refused;
  await permitted.ended("succeeded");
  return "permitted";
};

test("two starts an hour take both restarts of the service and of its incident, and none of the project's actions", async () => {
  await grantFirst(store.db, serviceScope("shop", "staging", "api"), "test");
  expect([await permit("api"), await permit("api"), await permit("api")]).toEqual([
    ...["permitted", "permitted", "the 2 restarts of this hour are used"],
  ]);
  expect(await restartsLeft(store.db, scopesOf("api"))).toBe(0);
  expect(await actionsLeft(store.db, "shop")).toEqual({ hour: 4, day: 10 });
});

test("a service that no rollout brought up has no restarts", async () => {
  expect(await permit("never")).toContain("no restart was granted yet");
});

test("a restart that was cut off is brought to its end once, by its own ticket", async () => {
  await grantFirst(store.db, serviceScope("shop", "staging", "web"), "test");
  await grantFirst(store.db, keyScope("shop", keyOf("web")), "test");
  const request = { ...PLACE, service: "web", key: keyOf("web"), incidentId: "inc-1", action: 1 };
  const ticket = await RestartTicket.mint(store, request);
  if ("refused" in ticket) throw new Error(ticket.refused);
  await ticket.spend(store);
  expect(await permit("web", true)).toBe("permitted");
  expect(await restartsLeft(store.db, scopesOf("web"))).toBe(1);
  // It has its end now: what is cut off next has a ticket of its own.
  expect([await permit("web", true), await permit("web", true)]).toEqual([
    ...["permitted", "the 2 restarts of this hour are used"],
  ]);
  const { rows } = await store.db.execute<{ outcome: string | null }>(
    sql`SELECT outcome FROM heal_restart WHERE scope = ${serviceScope("shop", "staging", "web")} ORDER BY slot`,
  );
  expect(rows.map(({ outcome }) => outcome)).toEqual(["failed", "succeeded"]);
});
