import { expect, test } from "vitest";
import { sql } from "../../store/drizzle.ts";
import { MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();
const restarts = () => stage.world.did.filter(({ what }) => what === "restart api").length;
const goesOn = (minutes: number) => stage.world.pass(minutes * MINUTE, 15 * SECOND);

/** Its two restarts are used, and it is up again. */
async function mended(): Promise<void> {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.pass(3 * MINUTE, 5 * SECOND);
  expect(restarts()).toBe(2);
  await stage.world.say("UP");
}

/** Whether it is restarted when it fails again. */
async function isEarned(): Promise<boolean> {
  await stage.world.say("DOWN");
  await stage.world.pass(SECOND);
  return restarts() > 2;
}

test.each([
  ["its check runs only each 40 s instead of each 5 s", 40 * SECOND],
  ["nobody runs its check", 1_000 * MINUTE],
])("a service that stays up while %s earns nothing", async (_, everyMs) => {
  await mended();
  stage.world.hands.everyMs = everyMs;
  await goesOn(70);
  expect(await isEarned()).toBe(false);
});

test("a gap between the runs begins the hour anew", async () => {
  await mended();
  await goesOn(40);
  stage.world.hands.everyMs = 20 * SECOND;
  await goesOn(1);
  stage.world.hands.everyMs = 5 * SECOND;
  await goesOn(40);
  expect(await isEarned()).toBe(false);
});

test("after the gap an hour earns them", async () => {
  await mended();
  stage.world.hands.everyMs = 20 * SECOND;
  await goesOn(10);
  stage.world.hands.everyMs = 5 * SECOND;
  await goesOn(61);
  expect(await isEarned()).toBe(true);
});

test("each check of the service has to be looked at, and one that ran only before the last restart says nothing", async () => {
  await mended();
  const other = async (since: number, until: number) =>
    await stage.store.db.execute(sql`
      INSERT INTO check_state (check_id, environment, service, verdict, synthetic, steady_since, steady_until)
      VALUES ('staging/api/login', 'staging', 'api', 'UP', false, ${new Date(since).toISOString()}, ${new Date(until).toISOString()})
      ON CONFLICT (check_id) DO UPDATE SET steady_since = excluded.steady_since, steady_until = excluded.steady_until`);
  const now = stage.world.clock.now();
  await other(now - 300 * MINUTE, now - 10 * MINUTE);
  await goesOn(65);
  const left = async () => (await stage.world.only()).restartsLeft;
  expect(await left()).toBe(0);
  await other(now - 300 * MINUTE, stage.world.clock.now());
  await goesOn(1);
  const { rows } = await stage.store.db.execute<{ epoch: number }>(
    sql`SELECT max(epoch)::int AS epoch FROM heal_epoch WHERE scope = 'service:shop/staging/api'`,
  );
  expect(rows).toEqual([{ epoch: 2 }]);
});
