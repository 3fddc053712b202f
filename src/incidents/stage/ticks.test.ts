import { afterEach, beforeEach, expect, test } from "vitest";
import { sql } from "../../store/drizzle.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { createWorld, MINUTE, SECOND, type World } from "../testing.ts";

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

test("time goes on for every incident but the one that cannot be read, and that is said", async () => {
  for (const name of ["a", "b", "c"]) await world.say("DOWN", { checkId: `staging/${name}`, component: name });
  await store.db.execute(sql`UPDATE incident SET members = '{"staging/b": null}' WHERE component = 'b'`);
  for (const name of ["a", "c"]) await world.say("UP", { checkId: `staging/${name}`, component: name });
  await world.pass(20 * MINUTE, 30 * SECOND);
  const all = await store.db.execute<{ component: string; state: string }>(
    sql`SELECT component, state FROM incident ORDER BY component`,
  );
  expect(all.rows).toEqual([
    { component: "a", state: "resolved" },
    { component: "b", state: expect.stringMatching(/open|healing/) },
    { component: "c", state: "resolved" },
  ]);
  expect(world.failures.length).toBeGreaterThan(0);
});

test("nor does it keep the next daemon from taking up the others, or a new list of checks from them", async () => {
  for (const name of ["a", "b", "c"]) await world.say("DOWN", { checkId: `staging/${name}`, component: name });
  await store.db.execute(sql`UPDATE incident SET members = '{"staging/b": null}' WHERE component = 'b'`);
  await world.restartDaemon();
  await world.incidents.setChecks(["staging/b"]);
  const { rows } = await store.db.execute<{ component: string; resumed: boolean; state: string }>(sql`
    SELECT component, state, EXISTS (SELECT FROM incident_event WHERE incident_id = id AND kind = 'resumed') AS resumed
    FROM incident WHERE component <> 'b' ORDER BY component`);
  expect(rows).toEqual(["a", "c"].map((component) => ({ component, resumed: true, state: "resolved" })));
});

test("a look at the situation that fails is said, and healing waits for the next one", async () => {
  await world.grant("api");
  let isBroken = true;
  world.hands.ask = async () => {
    if (isBroken) throw new Error("nobody knows the host");
  };
  await world.say("DOWN");
  expect(world.failures.map(String).join()).toContain("nobody knows the host");
  expect(world.did).toEqual([]);
  isBroken = false;
  await world.pass(10 * SECOND);
  expect(world.did).toHaveLength(1);
});
