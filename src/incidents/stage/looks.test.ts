import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sql } from "../../store/drizzle.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { createWorld, MINUTE, SECOND, verdict, type World } from "../testing.ts";

const MANY = 30;
/** One after the other they would take four minutes. */
const SOON_MS = 30_000;

let store: TestStore;
let world: World;
beforeEach(async () => {
  store = await openTestStore();
  world = await createWorld(store);
});
afterEach(async () => {
  await world.stop();
  await store.drop();
});

const hangs = () => new Promise<void>(() => {});

function failures(count: number, component = "service") {
  return Array.from({ length: count }, (_, index) =>
    verdict("DOWN", { checkId: `staging/s${index}/health`, service: `s${index}`, class: `case-${index}`, component }),
  );
}

async function states(): Promise<Record<string, number>> {
  const { rows } = await store.db.execute<{ state: string; n: number }>(
    sql`SELECT state, count(*)::int AS n FROM incident GROUP BY state`,
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

test.each(["at once", "one after the other"])(
  "30 failures beside something that hangs are incidents in seconds, handed in %s",
  async (how) => {
    world.hands.ask = hangs;
    const begun = performance.now();
    if (how === "at once") await Promise.all(failures(MANY).map((event) => world.incidents.handle(event)));
    else for (const event of failures(MANY)) await world.incidents.handle(event);
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
    expect(await states()).toEqual({ open: MANY });
    expect(world.failures.length).toBeGreaterThan(0);
  },
  120_000,
);

test("people are not kept waiting behind it", async () => {
  await world.say("DOWN");
  const { id } = await world.only();
  world.hands.ask = hangs;
  const handed = Promise.all(failures(MANY).map((event) => world.incidents.handle(event)));
  const begun = performance.now();
  await world.incidents.acknowledge(id, "alice");
  expect(performance.now() - begun).toBeLessThan(SOON_MS);
  await handed;
}, 120_000);

test("what is kept quiet stays so while nobody can say whether the cause is over", async () => {
  world.situation.dependenciesDown = ["db"];
  for (const event of failures(5)) await world.incidents.handle(event);
  expect(await states()).toEqual({ suspect: 5 });
  world.hands.ask = hangs;
  await world.pass(2 * MINUTE, 30 * SECOND);
  expect(await states()).toEqual({ suspect: 5 });
  world.hands.ask = async () => {};
  world.situation.dependenciesDown = [];
  await world.pass(MINUTE, 5 * SECOND);
  expect((await states()).suspect).toBeUndefined();
}, 120_000);

test("no more than a few looks are under way at the same time, and the order of verdicts stays", async () => {
  let now = 0;
  let most = 0;
  world.hands.ask = async () => {
    now += 1;
    most = Math.max(most, now);
    await delay(20);
    now -= 1;
  };
  // For a budget nothing is healed, and so nothing is looked at in the background.
  const budgets = failures(MANY, "slo");
  await Promise.all(budgets.map((event) => world.incidents.handle(event)));
  // Two for each of the eight.
  expect(most).toBeGreaterThan(2);
  expect(most).toBeLessThanOrEqual(16);
  const opened = world.audit.filter(({ action }) => action === "incident.opened");
  expect(opened.map(({ detail }) => detail.service)).toEqual(budgets.map(({ service }) => service));
});
