import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "../store/drizzle.ts";
import { sqlState } from "../store/sql-state.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { actionsLeft, returnAction, takeAction } from "./budget.ts";
import { grantFirst } from "./epochs.ts";
import { keyScope, serviceScope } from "./key.ts";
import { controlDatabaseTime, MINUTE, START } from "./testing.ts";
import { RestartTicket } from "./ticket.ts";

const HOUR = 60 * MINUTE;

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

const request = (environment = "staging", service = "api") => ({
  ...{ app, environment, service, incidentId: "none", action: 1 },
});
const take = (environment?: string, service?: string) =>
  takeAction(store, request(environment, service), "clear-sessions");

async function refusedSql(statement: ReturnType<typeof sql>): Promise<string | undefined> {
  try {
    await store.db.execute(statement);
    return undefined;
  } catch (error) {
    return sqlState(error) ?? "refused";
  }
}

test("twenty at once, in all environments: four begin", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => take(index % 2 ? "staging" : "production", `service${index}`)),
  );
  expect(answers.filter((answer) => "action" in answer)).toHaveLength(4);
  expect(answers.find((answer) => "refused" in answer)).toEqual({
    refused: "the 4 healing actions of an hour are used",
  });
  expect(await actionsLeft(store.db, app)).toEqual({ hour: 0, day: 6 });
});

test("ten a day, however they are spread", async () => {
  let begun = 0;
  for (let hour = 0; hour < 6; hour++) {
    await setTime(START + hour * (HOUR + 1));
    for (let count = 0; count < 3; count++) if ("action" in (await take())) begun += 1;
  }
  expect(begun).toBe(10);
  expect(await take()).toEqual({ refused: "the 10 healing actions of a day are used" });
  await setTime(START + 24 * HOUR + 1);
  expect(await take()).toHaveProperty("action");
});

test("restarts count among them, and one that is refused leaves its slots", async () => {
  for (const service of ["api", "web"]) {
    await grantFirst(store.db, serviceScope(app, "staging", service), "test");
    await grantFirst(store.db, keyScope(app, service), "test");
  }
  const mint = (service: string) => RestartTicket.mint(store, { ...request("staging", service), key: service });
  for (const service of ["api", "web", "api"]) expect(RestartTicket.isGenuine(await mint(service))).toBe(true);
  await take();
  expect(await mint("web")).toEqual({ refused: "the 4 healing actions of an hour are used" });
  await setTime(START + HOUR + 1);
  expect(RestartTicket.isGenuine(await mint("web"))).toBe(true);
});

test("what touched nothing is given back once; a restart never, and nothing else is changed", async () => {
  const taken = await take();
  if (!("action" in taken)) throw new Error(taken.refused);
  await returnAction(store, taken.action);
  await returnAction(store, taken.action);
  expect(await actionsLeft(store.db, app)).toEqual({ hour: 4, day: 10 });
  await grantFirst(store.db, serviceScope(app, "staging", "api"), "test");
  await grantFirst(store.db, keyScope(app, "k"), "test");
  await RestartTicket.mint(store, { ...request(), key: "k" });
  for (const statement of [
    sql`UPDATE heal_intent SET returned_at = now() WHERE app = ${app}`,
    sql`UPDATE heal_intent SET intent_at = intent_at - interval '1 day' WHERE app = ${app}`,
    sql`UPDATE heal_intent SET app = 'other' WHERE app = ${app}`,
    sql`DELETE FROM heal_intent`,
    sql`TRUNCATE heal_intent`,
  ])
    expect(await refusedSql(statement)).toBeDefined();
  expect(await actionsLeft(store.db, app)).toEqual({ hour: 3, day: 9 });
});

test("a clock that is set back gives no action back, and rows that claim another time do not help", async () => {
  for (let count = 0; count < 4; count++) await take();
  await setTime(START - 5 * HOUR);
  expect(await take()).toHaveProperty("refused");
  const forged = sql`INSERT INTO heal_intent VALUES (gen_random_uuid(), ${app}, 'staging', 'api', 'redeploy', 'none', 1, '2000-01-01', '2000-01-01')`;
  expect(await refusedSql(forged)).toBe("SM005");
});
