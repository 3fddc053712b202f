import { describe, expect, test } from "vitest";
import { MINUTE, PLANTED, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();

describe("vetoes", () => {
  test("a deployment in progress is waited for, then healing begins", async () => {
    await stage.start();
    stage.world.situation.deploying = true;
    await stage.world.say("DOWN");
    await stage.world.pass(MINUTE);
    expect(stage.world.did).toEqual([]);
    stage.world.situation.deploying = false;
    await stage.world.pass(6 * SECOND);
    expect(stage.world.did.map((item) => item.what)).toEqual(["restart api"]);
  });

  test("clients of a database that turns out to be down are not restarted; a person is called when it lasts", async () => {
    await stage.start();
    let looks = 0;
    stage.world.effects.situation = async () => ({
      ...stage.world.situation,
      dependenciesDown: looks++ === 0 ? [] : ["db"],
    });
    await stage.world.say("DOWN");
    await stage.world.pass(7 * MINUTE, 5 * SECOND);
    expect(stage.world.did).toEqual([]);
    expect(await stage.world.only()).toMatchObject({ escalated: true });
  });

  test("three of more than three services failing freeze healing", async () => {
    await stage.start();
    Object.assign(stage.world.situation, { servicesTotal: 5, recentlyDown: ["api", "web", "worker"] });
    await stage.world.say("DOWN", { critical: false });
    await stage.world.pass(5 * MINUTE, 5 * SECOND);
    expect(stage.world.did).toEqual([]);
    expect(await stage.world.only()).toMatchObject({ severity: "SEV1", escalated: true });
  });

  test("for an error budget nothing is tried, and nothing is said of restarts", async () => {
    await stage.start();
    await stage.world.say("DOWN", { component: "slo", class: "burn:14.4" });
    await stage.world.pass(MINUTE);
    expect(stage.world.did).toEqual([]);
    expect(await stage.world.only()).toMatchObject({
      ...{ symptom: "error budget is used up at least 14.4 times too fast", severity: "SEV1" },
      ...{ actions: [], restartsLeft: null, escalated: true },
    });
  });

  test("a class that a restart cannot mend is left to people", async () => {
    await stage.start();
    await stage.world.say("DOWN", { class: "assertion" });
    await stage.world.pass(MINUTE);
    expect(stage.world.did).toEqual([]);
    expect((await stage.world.only()).actions[0]).toMatchObject({ remedy: "restart", outcome: "refused" });
  });
});

describe("what is known and what is not", () => {
  test("UNKNOWN opens nothing and heals nothing", async () => {
    await stage.start();
    await stage.world.say("UNKNOWN");
    await stage.world.pass(MINUTE, 5 * SECOND);
    expect(await stage.world.incidents.list()).toEqual([]);
    await stage.world.say("DOWN");
    await stage.world.say("UNKNOWN");
    const { state } = await stage.world.only();
    await stage.world.pass(30 * MINUTE, 15 * SECOND);
    expect(await stage.world.only()).toMatchObject({ state, escalated: false });
    expect(stage.world.did).toHaveLength(1);
    expect((await stage.world.only()).actions).toMatchObject([{ outcome: "running" }]);
  });

  test("an acknowledgement is a flag: recovery, severity, a new failure and the end of healing still show", async () => {
    await stage.start();
    await stage.world.say("DOWN", { critical: false });
    const { id } = await stage.world.only();
    expect(await stage.world.incidents.acknowledge(id, "alice", "on it")).toMatchObject({
      acknowledged: true,
      severity: "SEV2",
    });
    await stage.world.say("DOWN", { checkId: "staging/api/port" });
    expect(await stage.world.only()).toMatchObject({ severity: "SEV1", acknowledged: true });
    await stage.world.pass(3 * MINUTE);
    expect(await stage.world.only()).toMatchObject({ escalated: false });
    // It got worse before the delay of SEV2 was over: that is told in place of the beginning.
    expect(stage.kinds()).toEqual(["severity", "update"]);
    await stage.world.pass(31 * MINUTE, 15 * SECOND);
    expect(await stage.world.only()).toMatchObject({ state: "open" });
    await stage.world.pass(90 * MINUTE, MINUTE);
    expect(await stage.world.only()).toMatchObject({ escalated: true, acknowledged: false });
    await stage.world.say("UP");
    await stage.world.say("UP", { checkId: "staging/api/port" });
    await stage.world.pass(15 * MINUTE, 15 * SECOND);
    expect(stage.kinds().slice(-3)).toEqual(["escalated", "recovering", "resolved"]);
  });

  test("failing again while it is watched is the same occurrence, and goes on with the next rung", async () => {
    await stage.start();
    await stage.world.say("DOWN");
    await stage.world.pass(5 * SECOND);
    await stage.world.say("UP");
    await stage.world.pass(5 * SECOND);
    await stage.world.say("DOWN");
    expect(stage.world.did).toHaveLength(1);
    await stage.world.pass(40 * SECOND);
    expect(stage.world.did).toHaveLength(2);
    expect(await stage.world.only()).toMatchObject({ occurrence: 1 });
  });

  test("evidence that does not come in time is noted as missing and does not hold up the remedy", async () => {
    await stage.start();
    stage.world.effects.collectEvidence = async () => {
      throw new Error("the host is gone");
    };
    await stage.world.say("DOWN");
    expect(stage.world.did).toHaveLength(1);
    expect((await stage.world.only()).evidence?.missing).toEqual(["everything: the host is gone"]);
  });
});

test("failing now and then is left to people until it fails for good", async () => {
  await stage.start();
  await stage.world.say("INTERMITTENT");
  await stage.world.pass(MINUTE);
  expect(await stage.world.only()).toMatchObject({ state: "open", severity: "SEV3", escalated: false });
  expect(stage.world.did).toEqual([]);
  await stage.world.say("DOWN");
  expect(await stage.world.only()).toMatchObject({ state: "healing", severity: "SEV1" });
  expect(stage.world.did.map((item) => item.what)).toEqual(["restart api"]);
});

test("trouble of a check without a service is told, and nothing is restarted for it", async () => {
  await stage.start();
  await stage.world.say("DOWN", {
    checkId: "staging/check/dns",
    service: null,
    component: "dns",
    class: "dns",
    family: "dns",
    critical: false,
  });
  expect(await stage.world.only()).toMatchObject({
    service: "dns",
    severity: "SEV2",
    escalated: true,
    restartsLeft: null,
    actions: [],
  });
  expect(stage.world.did).toEqual([]);
});

test("a planted secret reaches neither store, message nor ledger", async () => {
  await stage.start();
  stage.world.effects.collectEvidence = async () => ({
    logs: [`key ${PLANTED}`],
    metrics: { note: PLANTED },
    changes: [],
    missing: [],
  });
  stage.world.hands.restart = async () => {
    throw new Error(`could not start with ${PLANTED}`);
  };
  await stage.world.say("DOWN", { detail: `connect to ${PLANTED}` });
  await stage.world.pass(MINUTE);
  await stage.world.incidents.acknowledge((await stage.world.only()).id, "alice", `I used ${PLANTED}`);
  await stage.world.outbox.drain();
  for (const table of ["incident", "incident_event", "heal_action", "outbox"]) {
    const { rows } = await stage.store.pool.query(`SELECT * FROM ${table}`);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(PLANTED);
  }
  expect(JSON.stringify([stage.world.messages, stage.world.audit])).not.toContain(PLANTED);
});
