import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { createWorld, MINUTE, PLANTED, SECOND, type World, type WorldOptions } from "./testing.ts";

let store: TestStore;
let world: World;

beforeEach(async () => {
  store = await openTestStore();
});
afterEach(async () => {
  expect(world.failures).toEqual([]);
  await world.stop();
  await store.drop();
});

async function start(options: WorldOptions = {}): Promise<World> {
  world = await createWorld(store, options);
  await world.incidents.grantFirstEpoch("api");
  await world.say("UP");
  return world;
}

function kinds(): string[] {
  return world.messages.map((message) => message.kind);
}

describe("the ladder", () => {
  test("a crash is suspected, confirmed, healed by one restart, watched and resolved", async () => {
    await start();
    await world.say("SUSPECT");
    expect(await world.incidents.list()).toEqual([]);
    await world.pass(2 * SECOND);
    await world.say("DOWN", { class: "process-gone" });
    expect(await world.only()).toMatchObject({
      state: "healing",
      severity: "SEV1",
      symptom: "process gone",
      restartsLeft: 1,
    });
    expect(world.did.map((item) => item.what)).toEqual(["restart api"]);
    await world.pass(10 * SECOND);
    await world.say("UP");
    expect(await world.only()).toMatchObject({
      state: "monitoring",
      actions: [{ remedy: "restart", outcome: "succeeded" }],
    });
    await world.pass(2 * MINUTE, 5 * SECOND);
    const end = await world.only();
    expect(end).toMatchObject({ state: "resolved", escalated: false });
    expect(end.timeline.map((event) => event.kind)).toEqual([
      "opened",
      "evidence",
      "action",
      "acted",
      "recovering",
      "resolved",
    ]);
    await world.outbox.drain();
    expect(kinds()).toEqual(["opened", "recovering", "resolved"]);
    expect(JSON.stringify(world.messages)).not.toContain("out of memory");
    expect(world.audit.map((entry) => entry.action)).toEqual(end.timeline.map((event) => `incident.${event.kind}`));
  });

  test("two restarts that fail are the last: a person is called at that moment, and a failure within the hour is not restarted again", async () => {
    await start();
    await world.say("DOWN");
    await world.pass(3 * MINUTE);
    const restarts = world.did.filter((item) => item.what === "restart api");
    expect(restarts).toHaveLength(2);
    expect((restarts[1]?.at ?? 0) - (restarts[0]?.at ?? 0)).toBeGreaterThanOrEqual(30 * SECOND);
    const failed = await world.only();
    expect(failed).toMatchObject({ state: "open", escalated: true, restartsLeft: 0 });
    expect(failed.actions.map(({ remedy, outcome }) => [remedy, outcome])).toEqual([
      ["restart", "failed"],
      ["restart", "failed"],
      ["escalate", "succeeded"],
    ]);
    expect(kinds()).toEqual(["opened", "escalated"]);
    await world.say("UP");
    await world.pass(20 * MINUTE, 10 * SECOND);
    expect(await world.only()).toMatchObject({ state: "resolved" });
    await world.say("DOWN");
    await world.pass(2 * MINUTE);
    expect(world.did.filter((item) => item.what === "restart api")).toHaveLength(2);
    const again = await world.only();
    expect(again).toMatchObject({ state: "open", occurrence: 2, escalated: true });
    expect(again.actions.at(-2)).toMatchObject({ remedy: "restart", outcome: "refused" });
    expect(kinds().slice(-2)).toEqual(["reopened", "escalated"]);
  });

  test("an hour of unbroken health earns new restarts, for the service and for a new incident", async () => {
    await start();
    await world.say("DOWN");
    await world.pass(3 * MINUTE, 5 * SECOND);
    await world.say("UP");
    await world.pass(62 * MINUTE, 15 * SECOND);
    await world.say("DOWN");
    await world.pass(SECOND);
    expect(world.did.filter((item) => item.what === "restart api")).toHaveLength(3);
    const [latest, first] = await world.incidents.list();
    expect(latest).toMatchObject({ state: "healing" });
    expect(first).toMatchObject({ state: "resolved" });
  });

  test("health with a gap earns nothing", async () => {
    await start();
    await world.say("DOWN");
    await world.pass(3 * MINUTE, 5 * SECOND);
    await world.say("UP");
    await world.pass(40 * MINUTE, 15 * SECOND);
    await world.say("SUSPECT");
    await world.say("UP");
    await world.pass(40 * MINUTE, 15 * SECOND);
    await world.say("DOWN");
    await world.pass(MINUTE);
    expect(world.did.filter((item) => item.what === "restart api")).toHaveLength(2);
  });

  test("a service that was never deployed well has no restarts", async () => {
    world = await createWorld(store);
    await world.say("DOWN");
    expect(world.did).toEqual([]);
    expect(await world.only()).toMatchObject({ escalated: true, restartsLeft: 0 });
  });

  test("sessions are cleared for a failing login before anything is restarted", async () => {
    const clear = { path: "/sessions", method: "DELETE" as const, headers: {} };
    await start({
      remedies: { api: { ladder: ["clear-sessions", "restart", "restart", "redeploy"], clear_sessions: clear } },
    });
    await world.say("DOWN", {
      checkId: "staging/check/login",
      component: "login",
      critical: false,
      class: "auth-step:2",
      family: "auth",
    });
    expect(await world.only()).toMatchObject({ severity: "SEV1", symptom: "login fails at step 2" });
    await world.pass(MINUTE);
    expect(world.did.map((item) => item.what)).toEqual(["clear-sessions api", "restart api"]);
  });

  test("after a bad deployment the last good release comes back, once, and without holding up the call for a person", async () => {
    await start();
    world.situation.lastDeployAt = world.clock.now();
    world.situation.previousGood = "r1";
    await world.pass(MINUTE, 10 * SECOND);
    await world.say("DOWN", { class: "crash-loop", family: "deploy" });
    expect(world.did.map((item) => item.what)).toEqual(["redeploy api"]);
    expect(await world.only()).toMatchObject({ escalated: true, state: "healing" });
    expect((await world.only()).actions.map(({ remedy, outcome }) => [remedy, outcome])).toEqual([
      ["restart", "refused"],
      ["escalate", "succeeded"],
      ["redeploy", "running"],
    ]);
    await world.pass(20 * MINUTE, 10 * SECOND);
    expect(world.did).toHaveLength(1);
    expect(await world.only()).toMatchObject({ state: "open" });
  });

  test("restarts that fail are followed by the last good release", async () => {
    await start();
    world.situation.lastDeployAt = world.clock.now();
    world.situation.previousGood = "r1";
    await world.pass(MINUTE, 10 * SECOND);
    await world.say("DOWN");
    await world.pass(2 * MINUTE);
    expect(world.did.map((item) => item.what)).toEqual(["restart api", "restart api", "redeploy api"]);
    await world.say("UP");
    const actions = (await world.only()).actions.map(({ remedy, outcome }) => `${remedy} ${outcome}`);
    expect(actions).toEqual(["restart failed", "restart failed", "escalate succeeded", "redeploy succeeded"]);
  });

  test("the proposal of a production environment waits for a person, and is checked again on approval", async () => {
    await start({ environment: "production" });
    await world.say("DOWN");
    expect(world.did).toEqual([]);
    const proposed = await world.only();
    expect(proposed.actions).toMatchObject([{ remedy: "restart", outcome: "proposed" }]);
    world.situation.deploying = true;
    await world.incidents.approve(proposed.id, "alice");
    await world.settle();
    expect(world.did).toEqual([]);
    world.situation.deploying = false;
    await world.pass(10 * SECOND);
    expect(world.did.map((item) => item.what)).toEqual(["restart api"]);
    await world.say("UP");
    expect((await world.only()).actions).toMatchObject([{ remedy: "restart", outcome: "succeeded" }]);
    await expect(world.incidents.approve(proposed.id, "alice")).rejects.toMatchObject({
      code: "SM-INCIDENT-NO-PROPOSAL",
    });
  });

  test("a proposal that nobody approves within 30 min becomes a call", async () => {
    await start({ environment: "production" });
    await world.say("DOWN");
    await world.pass(31 * MINUTE, 15 * SECOND);
    const { id, actions, escalated } = await world.only();
    expect(actions.map(({ remedy, outcome }) => `${remedy} ${outcome}`)).toEqual([
      "restart skipped",
      "escalate succeeded",
    ]);
    expect(escalated).toBe(true);
    await expect(world.incidents.approve(id, "alice")).rejects.toMatchObject({ code: "SM-INCIDENT-NO-PROPOSAL" });
    expect(world.did).toEqual([]);
  });
});

describe("vetoes", () => {
  test("a deployment in progress is waited for, then healing begins", async () => {
    await start();
    world.situation.deploying = true;
    await world.say("DOWN");
    await world.pass(MINUTE);
    expect(world.did).toEqual([]);
    world.situation.deploying = false;
    await world.pass(6 * SECOND);
    expect(world.did.map((item) => item.what)).toEqual(["restart api"]);
  });

  test("clients of a database that is down are not restarted; a person is called when it lasts", async () => {
    await start();
    world.situation.dependenciesDown = ["db"];
    await world.say("DOWN");
    await world.pass(7 * MINUTE, 5 * SECOND);
    expect(world.did).toEqual([]);
    expect(await world.only()).toMatchObject({ escalated: true });
  });

  test("three of more than three services failing freeze healing", async () => {
    await start();
    Object.assign(world.situation, { servicesTotal: 5, servicesDown: ["api", "web", "worker"] });
    await world.say("DOWN", { critical: false });
    await world.pass(5 * MINUTE, 5 * SECOND);
    expect(world.did).toEqual([]);
    expect(await world.only()).toMatchObject({ severity: "SEV1", escalated: true });
  });

  test("a class that a restart cannot mend is left to people", async () => {
    await start();
    await world.say("DOWN", { class: "assertion" });
    await world.pass(MINUTE);
    expect(world.did).toEqual([]);
    expect((await world.only()).actions[0]).toMatchObject({ remedy: "restart", outcome: "refused" });
  });
});

describe("what is known and what is not", () => {
  test("UNKNOWN opens nothing and heals nothing", async () => {
    await start();
    await world.say("UNKNOWN");
    await world.pass(MINUTE, 5 * SECOND);
    expect(await world.incidents.list()).toEqual([]);
    await world.say("DOWN");
    await world.say("UNKNOWN");
    const { state } = await world.only();
    await world.pass(30 * MINUTE, 15 * SECOND);
    expect(await world.only()).toMatchObject({ state, escalated: false });
    expect(world.did).toHaveLength(1);
    expect((await world.only()).actions).toMatchObject([{ outcome: "running" }]);
  });

  test("an acknowledgement is a flag: recovery, severity, a new failure and the end of healing still show", async () => {
    await start();
    await world.say("DOWN", { critical: false });
    const { id } = await world.only();
    expect(await world.incidents.acknowledge(id, "alice", "on it")).toMatchObject({
      acknowledged: true,
      severity: "SEV2",
    });
    await world.say("DOWN", { checkId: "staging/api/port" });
    expect(await world.only()).toMatchObject({ severity: "SEV1", acknowledged: true });
    await world.pass(3 * MINUTE);
    expect(await world.only()).toMatchObject({ escalated: false });
    expect(kinds()).toEqual(["opened", "acknowledged", "severity", "update"]);
    await world.pass(31 * MINUTE, 15 * SECOND);
    expect(await world.only()).toMatchObject({ state: "open" });
    await world.pass(90 * MINUTE, MINUTE);
    expect(await world.only()).toMatchObject({ escalated: true, acknowledged: false });
    await world.say("UP");
    await world.say("UP", { checkId: "staging/api/port" });
    await world.pass(15 * MINUTE, 15 * SECOND);
    expect(kinds().slice(-3)).toEqual(["escalated", "recovering", "resolved"]);
  });

  test("failing again while it is watched is the same occurrence, and goes on with the next rung", async () => {
    await start();
    await world.say("DOWN");
    await world.pass(5 * SECOND);
    await world.say("UP");
    await world.pass(5 * SECOND);
    await world.say("DOWN");
    expect(world.did).toHaveLength(1);
    await world.pass(40 * SECOND);
    expect(world.did).toHaveLength(2);
    expect(await world.only()).toMatchObject({ occurrence: 1 });
  });

  test("evidence that does not come in time is noted as missing and does not hold up the remedy", async () => {
    await start();
    world.effects.collectEvidence = async () => {
      throw new Error("the host is gone");
    };
    await world.say("DOWN");
    expect(world.did).toHaveLength(1);
    expect((await world.only()).evidence?.missing).toEqual(["everything: the host is gone"]);
  });
});

test("failing now and then is left to people until it fails for good", async () => {
  await start();
  await world.say("INTERMITTENT");
  await world.pass(MINUTE);
  expect(await world.only()).toMatchObject({ state: "open", severity: "SEV3", escalated: false });
  expect(world.did).toEqual([]);
  await world.say("DOWN");
  expect(await world.only()).toMatchObject({ state: "healing", severity: "SEV1" });
  expect(world.did.map((item) => item.what)).toEqual(["restart api"]);
});

test("trouble of a check without a service is told, and nothing is restarted for it", async () => {
  await start();
  await world.say("DOWN", {
    checkId: "staging/check/dns",
    service: null,
    component: "dns",
    class: "dns",
    family: "dns",
    critical: false,
  });
  expect(await world.only()).toMatchObject({ service: "dns", severity: "SEV2", escalated: true, restartsLeft: 0 });
  expect(world.did).toEqual([]);
});

test("a planted secret reaches neither store, message nor ledger", async () => {
  await start();
  world.effects.collectEvidence = async () => ({
    logs: [`key ${PLANTED}`],
    metrics: { note: PLANTED },
    changes: [],
    missing: [],
  });
  world.effects.restart = async () => {
    throw new Error(`could not start with ${PLANTED}`);
  };
  await world.say("DOWN", { detail: `connect to ${PLANTED}` });
  await world.pass(MINUTE);
  await world.incidents.acknowledge((await world.only()).id, "alice", `I used ${PLANTED}`);
  await world.outbox.drain();
  for (const table of ["incident", "incident_event", "heal_action", "outbox"]) {
    const { rows } = await store.pool.query(`SELECT * FROM ${table}`);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(PLANTED);
  }
  expect(JSON.stringify([world.messages, world.audit])).not.toContain(PLANTED);
});

describe("the daemon ends", () => {
  test.each(["suspect", "healing", "monitoring", "resolved"] as const)(
    "in state %s and the next one goes on",
    async (state) => {
      await start();
      await world.say("SUSPECT");
      if (state === "suspect") await world.restartDaemon();
      await world.say("DOWN");
      if (state === "healing") await world.restartDaemon();
      expect(await world.only()).toMatchObject({ state: "healing" });
      expect(world.did).toHaveLength(1);
      await world.say("UP");
      if (state === "monitoring") await world.restartDaemon();
      expect(await world.only()).toMatchObject({ state: "monitoring" });
      await world.pass(2 * MINUTE, 5 * SECOND);
      if (state === "resolved") await world.restartDaemon();
      expect(await world.only()).toMatchObject({
        state: "resolved",
        actions: [{ remedy: "restart", outcome: "succeeded" }],
      });
      expect(world.did).toHaveLength(1);
    },
  );

  test("while it waits, open: the next one still waits, then heals", async () => {
    await start();
    world.situation.deploying = true;
    await world.say("DOWN");
    await world.restartDaemon();
    await world.settle();
    expect(await world.only()).toMatchObject({ state: "open" });
    world.situation.deploying = false;
    await world.pass(6 * SECOND);
    expect(world.did).toHaveLength(1);
  });

  test("in the middle of a restart: it counts, is verified and not repeated blindly", async () => {
    await start();
    const begun = Promise.withResolvers<void>();
    const { restart } = world.effects;
    world.effects.restart = async (ticket, service, signal) => {
      await restart(ticket, service, signal);
      begun.resolve();
      return await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const opening = world.say("DOWN");
    opening.catch(() => {});
    await begun.promise;
    world.effects.restart = restart;
    await world.restartDaemon();
    await opening;
    expect(await world.only()).toMatchObject({ restartsLeft: 1, actions: [{ remedy: "restart", outcome: "running" }] });
    await world.pass(19 * SECOND);
    expect(world.did).toHaveLength(1);
    await world.pass(60 * SECOND);
    expect(world.did).toHaveLength(2);
    await world.pass(MINUTE);
    expect(await world.only()).toMatchObject({ escalated: true });
    expect(world.did).toHaveLength(2);
  });

  test("checks that no longer exist do not keep an incident open", async () => {
    await start();
    await world.say("DOWN");
    await world.incidents.resume(["staging/web/health"]);
    expect(await world.only()).toMatchObject({ state: "monitoring" });
  });
});
