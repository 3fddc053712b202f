import { expect, test } from "vitest";
import { createWorld, MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();

test("an incident whose checks no longer exist is resolved, with the reason, and the action under way ends", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.incidents.setChecks(["staging/api/health", "staging/web/health"]);
  expect(await stage.world.only()).toMatchObject({ state: "healing", actions: [{ outcome: "running" }] });
  await stage.world.incidents.setChecks(["staging/web/health"]);
  const ended = await stage.world.only();
  expect(ended).toMatchObject({
    state: "resolved",
    actions: [{ remedy: "restart", outcome: "skipped" }],
    failedChecks: ["staging/api/health"],
  });
  expect(ended.timeline.at(-1)).toMatchObject({
    kind: "resolved",
    text: "staging/api/health does not exist any more",
  });
});

test("one check of several that no longer exists counts as passed; a suspicion of it is dropped", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.say("DOWN", { checkId: "staging/api/process", class: "process-gone" });
  await stage.world.say("UP");
  await stage.world.incidents.setChecks(["staging/api/health"]);
  expect(await stage.world.only()).toMatchObject({ state: "monitoring" });
  await stage.world.pass(3 * MINUTE, 15 * SECOND);
  expect(await stage.world.only()).toMatchObject({ state: "resolved" });
  await stage.world.say("SUSPECT", { checkId: "staging/web/health", service: "web" });
  await stage.world.incidents.setChecks([]);
  expect(await stage.world.incidents.list({ state: "suspect" })).toEqual([]);
});

test("what a check said that no longer exists does not stand in the way of new restarts", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.pass(3 * MINUTE, 5 * SECOND);
  await stage.world.say("UP");
  await stage.world.say("SUSPECT", { checkId: "staging/check/extra", component: "extra" });
  await stage.world.incidents.setChecks(["staging/api/health"]);
  await stage.world.pass(62 * MINUTE, 15 * SECOND);
  await stage.world.say("DOWN");
  await stage.world.pass(SECOND);
  expect(stage.world.did.filter((item) => item.what === "restart api")).toHaveLength(3);
});

test("what was resolved is listed for a while, with its time and actions, and still names what failed", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.pass(5 * SECOND);
  await stage.world.say("UP");
  await stage.world.pass(3 * MINUTE, 15 * SECOND);
  const since = stage.world.clock.now() - 2 * MINUTE;
  const [shown] = await stage.world.incidents.list({ state: "unclosed", resolvedSince: since });
  expect(shown).toMatchObject({ state: "resolved", actions: [{ remedy: "restart", outcome: "succeeded" }] });
  expect(Date.parse(shown?.resolvedAt ?? "")).toBeGreaterThanOrEqual(since);
  expect(await stage.world.only()).toMatchObject({ failedChecks: ["staging/api/health"] });
  expect(await stage.world.incidents.list({ state: "unclosed" })).toEqual([]);
  await stage.world.pass(10 * MINUTE, MINUTE);
  const later = stage.world.clock.now() - 2 * MINUTE;
  expect(await stage.world.incidents.list({ state: "unclosed", resolvedSince: later })).toEqual([]);
  // The same trouble within the window is the same incident.
  await stage.world.say("DOWN");
  expect(await stage.world.only()).toMatchObject({ state: "healing", occurrence: 2 });
});

test("a restart that has to wait for somebody else's work costs no restart, and comes when the way is free", async () => {
  await stage.start();
  stage.world.hands.busy = true;
  await stage.world.say("DOWN");
  await stage.world.pass(20 * SECOND);
  expect(await stage.world.only()).toMatchObject({ restartsLeft: 2, escalated: false });
  const { rows } = await stage.store.pool.query("SELECT 1 FROM heal_restart");
  expect(rows).toEqual([]);
  stage.world.hands.busy = false;
  await stage.world.pass(10 * SECOND);
  expect(stage.world.did.map(({ what }) => what)).toEqual(["restart api"]);
  const { actions, restartsLeft } = await stage.world.only();
  expect([actions.at(-1)?.outcome, restartsLeft]).toEqual(["running", 1]);
});

test("a check that fails and passes in turn is one incident, and is restarted twice at most", async () => {
  await stage.start();
  for (let turn = 0; turn < 20; turn++) {
    await stage.world.say("DOWN");
    await stage.world.pass(30 * SECOND, 5 * SECOND);
    await stage.world.say("UP");
    await stage.world.pass(30 * SECOND, 5 * SECOND);
  }
  expect(await stage.world.only()).toMatchObject({ state: "monitoring", occurrence: 1, escalated: true });
  expect(stage.world.did.map(({ what }) => what)).toEqual(["restart api", "restart api"]);
  expect(stage.kinds().filter((kind) => kind === "opened" || kind === "escalated")).toEqual(["opened", "escalated"]);
});

test.each([
  ["no deployment is known", { previousGood: "r1", lastDeployAt: null }],
  ["the deployment was long before", { previousGood: "r1", lastDeployAt: -61 * MINUTE }],
  ["it failed before it was deployed", { previousGood: "r1", lastDeployAt: MINUTE }],
  ["there is no release to go back to", { previousGood: null, lastDeployAt: -MINUTE }],
])("the last good release does not come back when %s", async (_, { previousGood, lastDeployAt }) => {
  await stage.start({ remedies: { api: { ladder: ["redeploy"] } } });
  const now = stage.world.clock.now();
  Object.assign(stage.world.situation, {
    previousGood,
    lastDeployAt: lastDeployAt === null ? null : now + lastDeployAt,
  });
  await stage.world.say("DOWN");
  await stage.world.pass(MINUTE, 5 * SECOND);
  expect(stage.world.did).toEqual([]);
  expect(await stage.world.only()).toMatchObject({ state: "open", escalated: true });
});

test("a clock that jumps, back or forward, neither repeats a restart nor loses the incident", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.jump(-3 * 60 * MINUTE);
  await stage.world.pass(10 * MINUTE, 10 * SECOND);
  expect(stage.world.did.length).toBeLessThanOrEqual(2);
  await stage.world.jump(5 * 60 * MINUTE);
  await stage.world.pass(10 * MINUTE, 10 * SECOND);
  expect(stage.world.did.length).toBeLessThanOrEqual(2);
  await stage.world.say("UP");
  await stage.world.pass(20 * MINUTE, 15 * SECOND);
  expect(await stage.world.only()).toMatchObject({ state: "resolved", occurrence: 1 });
});

test("after the clock was set back an outage and a recovery are still heard", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.jump(-60 * MINUTE);
  await stage.world.say("UP");
  expect((await stage.world.only()).state).toBe("monitoring");
  await stage.world.pass(20 * MINUTE, 15 * SECOND);
  expect((await stage.world.only()).state).toBe("resolved");
  await stage.world.jump(-60 * MINUTE);
  await stage.world.say("DOWN");
  expect(["open", "healing"]).toContain((await stage.world.only()).state);
});

test("messages of what has no service speak of no healing, and no evidence is looked for", async () => {
  stage.enter(await createWorld(stage.store));
  await stage.world.say("DOWN", { checkId: "staging/check/cert", service: null, component: "cert" });
  await stage.world.pass(MINUTE);
  await stage.world.outbox.drain();
  expect(stage.world.messages[0]).toMatchObject({
    kind: "opened",
    doing: "nothing: there is no service to heal, people have to mend it",
  });
  expect(stage.world.messages[0]).not.toHaveProperty("evidence");
  const { timeline } = await stage.world.only();
  expect(timeline.map(({ text }) => text)).toContain("left to people: there is no service to restart for this check");
  expect(timeline.map(({ kind }) => kind)).not.toContain("evidence");
});

test("messages say in one line what was done and with what result, what is being done, and what to do", async () => {
  stage.enter(await createWorld(stage.store));
  await stage.world.grant("api");
  await stage.world.say("DOWN");
  await stage.world.pass(5 * SECOND);
  await stage.world.say("UP");
  await stage.world.pass(2 * MINUTE, 5 * SECOND);
  await stage.world.outbox.drain();
  const told = stage.world.messages.map(({ text, doing, todo }) => [text, doing, todo]);
  expect(told).toEqual([
    ["api not answering (connection refused)", "collecting evidence, then choosing a remedy", "no action needed yet"],
    ["restart of api (1 of 2) worked: all checks pass again", "watching whether it stays well", "no action needed"],
    ["quiet since restart of api (1 of 2)", "watching as usual", "no action needed"],
  ]);
  await stage.world.say("DOWN", { class: "assertion" });
  await stage.world.outbox.drain();
  const { id } = await stage.world.only();
  expect(stage.world.messages.at(-1)).toMatchObject({
    kind: "escalated",
    text: 'a person is needed: a restart does not help against "answers wrongly"',
    doing: "automatic healing has stopped",
    todo: `look at it now and acknowledge it with stationmaster ack ${id}`,
  });
});
