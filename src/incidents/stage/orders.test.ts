import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { insertSilence } from "../../store/silences.ts";
import { openTestStore, type TestStore } from "../../store/testing.ts";
import { createWorld, MINUTE, SECOND, START, type World, type WorldOptions } from "../testing.ts";

let store: TestStore;
let leader: World;
let other: World;
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(async () => {
  expect([...leader.failures, ...other.failures]).toEqual([]);
  expect(other.did).toEqual([]);
  await other.stop();
  await leader.stop();
  await store.drop();
});

/** Two daemons of one environment; people talk to the one that does not lead. */
async function start(options: WorldOptions = {}): Promise<void> {
  leader = await createWorld(store, options);
  other = await createWorld(store, { ...options, leaves: true });
  await leader.grant("api");
  await leader.say("UP");
}

async function pass(ms: number): Promise<void> {
  await other.jump(ms);
  await leader.pass(ms);
}

/** What the leader did so far. */
const did = () => leader.did.map(({ what }) => what);

async function down(): Promise<string> {
  await leader.say("DOWN");
  return (await leader.only()).id;
}

describe("an order that reaches a daemon which does not lead", () => {
  test("allows the plan: the leader carries it out, however soon the other one ends", async () => {
    await start({ isProtected: true });
    const id = await down();
    await other.incidents.approve(id, "bob");
    await other.incidents.close();
    expect(did()).toEqual([]);
    await pass(SECOND);
    expect(did()).toEqual(["restart api"]);
    expect((await leader.only()).actions.at(-1)).toMatchObject({ remedy: "restart", outcome: "running" });
  });

  test("declines the plan: the leader does nothing and people are called", async () => {
    await start({ isProtected: true });
    const id = await down();
    await other.incidents.decline(id, "bob", "I do it");
    await pass(5 * MINUTE);
    expect(did()).toEqual([]);
    expect(await leader.only()).toMatchObject({ escalated: true });
  });

  test("stops healing and allows it again", async () => {
    await start();
    leader.situation.deploying = true;
    const id = await down();
    await other.incidents.setFrozen(id, true, "bob");
    leader.situation.deploying = false;
    await pass(2 * MINUTE);
    expect(did()).toEqual([]);
    await other.incidents.setFrozen(id, false, "bob");
    await pass(SECOND);
    expect(did()).toEqual(["restart api"]);
  });

  test("says what a person does: the leader leaves that rung out", async () => {
    await start({ isProtected: true });
    const id = await down();
    await other.incidents.ordered(id, { actor: "bob", text: "bob restarts it", step: 2 });
    await pass(5 * MINUTE);
    expect(did()).not.toContain("restart api");
  });

  test("sets the severity, and the leader's ticks leave it", async () => {
    await start();
    const id = await down();
    await other.incidents.setSeverity(id, "SEV3", "bob");
    await pass(10 * SECOND);
    expect(await leader.only()).toMatchObject({ severity: "SEV3" });
  });

  test("takes it, opens one by hand and ends it: the leader does the rest", async () => {
    await start();
    const { id } = await other.incidents.report({ service: "api", symptom: "wrong totals", severity: "SEV1" }, "bob");
    await other.incidents.acknowledge(id, "bob");
    await pass(SECOND);
    expect(await leader.only()).toMatchObject({ state: "open", acknowledged: true });
    await other.incidents.closeReview(id, "bob", "was a wrong price");
    await pass(31 * MINUTE);
    expect(await leader.only()).toMatchObject({ state: "review" });
    await other.incidents.closeReview(id, "bob", "written up");
    expect(await leader.only()).toMatchObject({ state: "closed" });
  });

  test("silences it: the leader tells nobody of what comes then", async () => {
    await start();
    const until = START + 60 * MINUTE;
    await insertSilence(store.db, {
      ...{ id: "sil-1", app: "shop", environment: "staging", kind: "silence", matcher: { service: "api" } },
      ...{ author: "bob", reason: "moving it", recurrence: null, endedAt: null },
      ...{ fromAt: new Date(START), untilAt: new Date(until), createdAt: new Date(START) },
    });
    await pass(SECOND);
    await leader.say("DOWN");
    await pass(MINUTE);
    expect(leader.messages).toEqual([]);
    expect(did()).toEqual([]);
  });

  test("hands in a verdict, as an alert of another system does: the leader heals", async () => {
    await start();
    await other.incidents.handle({
      ...{ checkId: "staging/alert/1", environment: "staging", service: "api", component: "service", critical: true },
      ...{ everyMs: 5_000, from: "UNKNOWN", to: "DOWN", class: "refused", family: "availability", detail: "down" },
      ...{ at: START, onset: START },
    });
    await pass(SECOND);
    expect(did()).toEqual(["restart api"]);
  });
});

test("work that got lost is begun anew with the next tick", async () => {
  await start();
  const lost = leader.effects.collectEvidence;
  leader.effects.collectEvidence = async (_service, _since, signal) =>
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  await leader.incidents.handle({
    ...{ checkId: "staging/api/health", environment: "staging", service: "api", component: "service", critical: true },
    ...{ everyMs: 5_000, from: "UP", to: "DOWN", class: "refused", family: "availability", detail: null },
    ...{ at: START, onset: START },
  });
  // As if the process that began it were gone: another one that leads did not see it begin.
  leader.effects.collectEvidence = lost;
  const next = await createWorld(store);
  try {
    await next.pass(SECOND);
    expect(next.did.map(({ what }) => what)).toEqual(["restart api"]);
  } finally {
    await next.stop();
  }
});
