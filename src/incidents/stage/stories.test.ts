import { describe, expect, test } from "vitest";
import { currentMessage } from "../telling.ts";
import { createWorld, MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();

describe("the ladder", () => {
  test("a crash is suspected, confirmed, healed by one restart, watched and resolved", async () => {
    await stage.start();
    await stage.world.say("SUSPECT");
    expect(await stage.world.incidents.list()).toEqual([]);
    await stage.world.pass(2 * SECOND);
    await stage.world.say("DOWN", { class: "process-gone" });
    expect(await stage.world.only()).toMatchObject({
      state: "healing",
      severity: "SEV1",
      symptom: "process gone",
      restartsLeft: 1,
    });
    expect(stage.world.did.map((item) => item.what)).toEqual(["restart api"]);
    await stage.world.pass(10 * SECOND);
    await stage.world.say("UP");
    expect(await stage.world.only()).toMatchObject({
      state: "monitoring",
      actions: [{ remedy: "restart", outcome: "succeeded" }],
    });
    await stage.world.pass(2 * MINUTE, 5 * SECOND);
    const end = await stage.world.only();
    expect(end).toMatchObject({ state: "resolved", escalated: false });
    expect(end.timeline.map((event) => event.kind)).toEqual([
      "opened",
      "evidence",
      "action",
      "acted",
      "recovering",
      "resolved",
    ]);
    await stage.world.outbox.drain();
    expect(stage.kinds()).toEqual(["opened", "recovering", "resolved"]);
    expect(JSON.stringify(stage.world.messages)).not.toContain("out of memory");
    expect(stage.world.audit.map((entry) => entry.action)).toEqual(
      end.timeline.map((event) => `incident.${event.kind}`),
    );
  });

  test("two restarts that fail are the last: a person is called at that moment, and a failure within the hour is not restarted again", async () => {
    await stage.start();
    await stage.world.say("DOWN");
    await stage.world.pass(3 * MINUTE);
    const restarts = stage.world.did.filter((item) => item.what === "restart api");
    expect(restarts).toHaveLength(2);
    expect((restarts[1]?.at ?? 0) - (restarts[0]?.at ?? 0)).toBeGreaterThanOrEqual(30 * SECOND);
    const failed = await stage.world.only();
    expect(failed).toMatchObject({ state: "open", escalated: true, restartsLeft: 0 });
    expect(failed.actions.map(({ remedy, outcome }) => [remedy, outcome])).toEqual([
      ["restart", "failed"],
      ["restart", "failed"],
      ["escalate", "succeeded"],
    ]);
    expect(stage.kinds()).toEqual(["opened", "escalated"]);
    await stage.world.say("UP");
    await stage.world.pass(20 * MINUTE, 10 * SECOND);
    expect(await stage.world.only()).toMatchObject({ state: "resolved" });
    await stage.world.say("DOWN");
    await stage.world.pass(2 * MINUTE);
    expect(stage.world.did.filter((item) => item.what === "restart api")).toHaveLength(2);
    const again = await stage.world.only();
    expect(again).toMatchObject({ state: "open", occurrence: 2, escalated: true });
    expect(again.actions.at(-2)).toMatchObject({ remedy: "restart", outcome: "refused" });
    expect(stage.kinds().slice(-2)).toEqual(["reopened", "escalated"]);
  });

  test("a restarted process that dies again is not waited for, and two of them call a person", async () => {
    await stage.start();
    stage.world.effects.gone = async () => "ended (exit 3)";
    await stage.world.say("DOWN", { checkId: "staging/api/process", class: "process-gone", detail: "ended (SIGKILL)" });
    await stage.world.say("DOWN", { class: "http-5xx", detail: "HTTP 502" });
    await stage.world.pass(8 * SECOND);
    expect(stage.world.did.map((item) => item.what)).toEqual(["restart api", "restart api"]);
    const failed = await stage.world.only();
    expect(failed).toMatchObject({ symptom: "process gone", escalated: true, restartsLeft: 0 });
    expect(failed.actions.map(({ remedy, outcome }) => `${remedy} ${outcome}`)).toEqual([
      "restart failed",
      "restart failed",
      "escalate succeeded",
    ]);
    expect(failed.timeline.filter(({ kind }) => kind === "failed").map(({ text }) => text)).toEqual([
      "restart of api (1 of 2) did not help: the process is gone again: ended (exit 3)",
      "restart of api (2 of 2) did not help: the process is gone again: ended (exit 3)",
    ]);
  });

  test("what follows from a dead process never takes its name, and a new failure has its own", async () => {
    await stage.start();
    const process = { checkId: "staging/api/process" };
    await stage.world.say("DOWN", { class: "http-5xx", detail: "HTTP 502" });
    expect(await stage.world.only()).toMatchObject({ symptom: "answers 502" });
    await stage.world.say("DOWN", { ...process, class: "process-gone" });
    await stage.world.say("UP", process);
    expect(await stage.world.only()).toMatchObject({ symptom: "process gone" });
    await stage.world.say("UP");
    await stage.world.say("DOWN", { class: "http-5xx", detail: "HTTP 500" });
    expect(await stage.world.only()).toMatchObject({ symptom: "answers 500" });
  });

  test("an hour of unbroken health earns new restarts, for the service and for a new incident", async () => {
    await stage.start();
    await stage.world.say("DOWN");
    await stage.world.pass(3 * MINUTE, 5 * SECOND);
    await stage.world.say("UP");
    await stage.world.pass(62 * MINUTE, 15 * SECOND);
    await stage.world.say("DOWN");
    await stage.world.pass(SECOND);
    expect(stage.world.did.filter((item) => item.what === "restart api")).toHaveLength(3);
    const [latest, first] = await stage.world.incidents.list();
    expect(latest).toMatchObject({ state: "healing" });
    // It was SEV1, so a post-mortem is due.
    expect(first).toMatchObject({ state: "review" });
  });

  test("health with a gap earns nothing", async () => {
    await stage.start();
    await stage.world.say("DOWN");
    await stage.world.pass(3 * MINUTE, 5 * SECOND);
    await stage.world.say("UP");
    await stage.world.pass(40 * MINUTE, 15 * SECOND);
    await stage.world.say("SUSPECT");
    await stage.world.say("UP");
    await stage.world.pass(40 * MINUTE, 15 * SECOND);
    await stage.world.say("DOWN");
    await stage.world.pass(MINUTE);
    expect(stage.world.did.filter((item) => item.what === "restart api")).toHaveLength(2);
  });

  test("nor does health that nobody was there to see", async () => {
    await stage.start();
    await stage.world.say("DOWN");
    await stage.world.pass(3 * MINUTE, 5 * SECOND);
    await stage.world.say("UP");
    await stage.world.pass(40 * MINUTE, 15 * SECOND);
    await stage.world.jump(2 * MINUTE);
    await stage.world.restartDaemon();
    await stage.world.pass(40 * MINUTE, 15 * SECOND);
    await stage.world.say("DOWN");
    await stage.world.pass(MINUTE);
    expect(stage.world.did.filter((item) => item.what === "restart api")).toHaveLength(2);
  });

  test("a service that was never deployed well has no restarts", async () => {
    stage.enter(await createWorld(stage.store));
    await stage.world.say("DOWN");
    expect(stage.world.did).toEqual([]);
    expect(await stage.world.only()).toMatchObject({ escalated: true, restartsLeft: 0 });
  });

  test("sessions are cleared for a failing login before anything is restarted", async () => {
    const clear = { path: "/sessions", method: "DELETE" as const, headers: {} };
    await stage.start({
      remedies: { api: { ladder: ["clear-sessions", "restart", "restart", "redeploy"], clear_sessions: clear } },
    });
    await stage.world.say("DOWN", {
      checkId: "staging/check/login",
      component: "login",
      critical: false,
      class: "auth-step:2",
      family: "auth",
    });
    expect(await stage.world.only()).toMatchObject({ severity: "SEV1", symptom: "login fails at step 2" });
    await stage.world.pass(MINUTE);
    expect(stage.world.did.map((item) => item.what)).toEqual(["clear-sessions api", "restart api"]);
  });

  test("after a bad deployment the last good release comes back, once, and without holding up the call for a person", async () => {
    await stage.start();
    stage.world.situation.lastDeployAt = stage.world.clock.now();
    stage.world.situation.previousGood = "r1";
    await stage.world.pass(MINUTE, 10 * SECOND);
    await stage.world.say("DOWN", { class: "crash-loop", family: "deploy" });
    expect(stage.world.did.map((item) => item.what)).toEqual(["redeploy api"]);
    expect(await stage.world.only()).toMatchObject({ escalated: true, state: "healing" });
    expect((await stage.world.only()).actions.map(({ remedy, outcome }) => [remedy, outcome])).toEqual([
      ["restart", "refused"],
      ["escalate", "succeeded"],
      ["redeploy", "running"],
    ]);
    await stage.world.pass(20 * MINUTE, 10 * SECOND);
    expect(stage.world.did).toHaveLength(1);
    expect(await stage.world.only()).toMatchObject({ state: "open" });
  });

  test("restarts that fail are followed by the last good release", async () => {
    await stage.start();
    stage.world.situation.lastDeployAt = stage.world.clock.now();
    stage.world.situation.previousGood = "r1";
    await stage.world.pass(MINUTE, 10 * SECOND);
    await stage.world.say("DOWN");
    await stage.world.pass(2 * MINUTE);
    expect(stage.world.did.map((item) => item.what)).toEqual(["restart api", "restart api", "redeploy api"]);
    await stage.world.say("UP");
    const actions = async () => (await stage.world.only()).actions.map(({ remedy, outcome }) => `${remedy} ${outcome}`);
    const restarts = ["restart failed", "restart failed", "escalate succeeded"];
    expect(await actions()).toEqual([...restarts, "redeploy running"]);
    await stage.world.pass(40 * SECOND, 5 * SECOND);
    expect(await actions()).toEqual([...restarts, "redeploy succeeded"]);
  });

  test("the proposal of a production environment waits for a person, and is checked again on approval", async () => {
    await stage.start({ environment: "production" });
    await stage.world.say("DOWN");
    expect(stage.world.did).toEqual([]);
    const proposed = await stage.world.only();
    expect(proposed.actions).toMatchObject([{ remedy: "restart", outcome: "proposed" }]);
    stage.world.situation.deploying = true;
    await stage.world.incidents.approve(proposed.id, "alice");
    await stage.world.settle();
    expect(stage.world.did).toEqual([]);
    stage.world.situation.deploying = false;
    await stage.world.pass(10 * SECOND);
    expect(stage.world.did.map((item) => item.what)).toEqual(["restart api"]);
    await stage.world.say("UP");
    expect((await stage.world.only()).actions).toMatchObject([{ remedy: "restart", outcome: "succeeded" }]);
    await expect(stage.world.incidents.approve(proposed.id, "alice")).rejects.toMatchObject({
      code: "SM-INCIDENT-NO-PROPOSAL",
    });
  });

  test("a proposal that nobody approves within 30 min becomes a call", async () => {
    await stage.start({ environment: "production" });
    await stage.world.say("DOWN");
    await stage.world.pass(31 * MINUTE, 15 * SECOND);
    const { id, actions, escalated } = await stage.world.only();
    expect(actions.map(({ remedy, outcome }) => `${remedy} ${outcome}`)).toEqual([
      "restart skipped",
      "escalate succeeded",
    ]);
    expect(escalated).toBe(true);
    const plan = stage.world.messages.find(({ kind }) => kind === "proposal");
    expect(plan?.todo).toMatch(/^approve the plan until \d{4}-\d\d-\d\d \d\d:\d\d UTC with stationmaster approve/);
    // Whoever hears of it later is not asked to approve what nobody can approve any more.
    const now = stage.world.clock.now();
    if (!plan) throw new Error("nothing was proposed");
    expect((await currentMessage(stage.store.db, { app: "shop" }, plan, now)).todo).toContain("stationmaster ack");
    await expect(stage.world.incidents.approve(id, "alice")).rejects.toMatchObject({ code: "SM-INCIDENT-NO-PROPOSAL" });
    expect(stage.world.did).toEqual([]);
  });
});
