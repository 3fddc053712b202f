import { describe, expect, test } from "vitest";
import { sql } from "../../store/drizzle.ts";
import { appendLedger } from "../../store/ledger.ts";
import { MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();
const did = () => stage.world.did.map(({ what }) => what);

describe("a proposal", () => {
  test("is not held up by what only has to be waited for: it says why and until when, and the approved plan waits", async () => {
    const world = await stage.start({ environment: "production" });
    world.situation.deploying = true;
    await world.say("DOWN");
    const { id, timeline } = await world.only();
    const said = timeline.find(({ kind }) => kind === "proposed");
    expect(said?.text).toMatch(/^proposed: restart, then restart, then redeploy; valid for 30 min, /);
    expect(said?.text).toContain(`stationmaster approve ${id}; once approved it waits: a deployment is in progress`);
    expect(said?.data).toMatchObject({ waits: "a deployment is in progress", evidence: expect.any(Number) });
    await world.incidents.approve(id, "alice");
    await world.pass(MINUTE, 5 * SECOND);
    expect(did()).toEqual([]);
    world.situation.deploying = false;
    await world.pass(10 * SECOND);
    expect(did()).toEqual(["restart api"]);
  });

  test("that is declined ends healing, is kept with the reason, and calls people", async () => {
    const world = await stage.start({ environment: "production" });
    await world.say("DOWN");
    const { id } = await world.only();
    const after = await world.incidents.decline(id, "alice", "the disk is full");
    expect(after).toMatchObject({
      escalated: true,
      actions: [{ remedy: "restart", outcome: "declined", detail: "alice declined the plan: the disk is full" }, {}],
    });
    expect(await world.incidents.plan(id)).toMatchObject({
      ...{ phase: "done", stopped: "alice declined the plan: the disk is full" },
      next: { name: "restart of api (1 of 2)" },
    });
    await world.pass(10 * MINUTE, 10 * SECOND);
    expect(did()).toEqual([]);
    await expect(world.incidents.decline(id, "bob", "no")).rejects.toMatchObject({ code: "SM-INCIDENT-NO-PROPOSAL" });
    expect((await world.incidents.healing(1)).total).toMatchObject({
      actions: 0,
      declined: 1,
      regret: 1,
      success: null,
    });
  });

  test("that was approved and still waits can be declined", async () => {
    const world = await stage.start({ environment: "production" });
    world.situation.deploying = true;
    await world.say("DOWN");
    const { id } = await world.only();
    await world.incidents.approve(id, "alice");
    await world.settle();
    await world.incidents.decline(id, "bob", "the deployment mends it");
    world.situation.deploying = false;
    await world.pass(MINUTE, 5 * SECOND);
    expect(did()).toEqual([]);
    expect((await world.only()).actions[0]).toMatchObject({ outcome: "declined" });
  });

  test("that was approved holds until the checks pass: what fails again later is proposed anew", async () => {
    const world = await stage.start({ environment: "production" });
    await world.say("DOWN");
    const { id, timeline } = await world.only();
    expect(timeline.find(({ kind }) => kind === "proposed")?.text).toContain("an approval holds until the checks pass");
    await world.incidents.approve(id, "alice");
    await world.settle();
    await world.say("UP");
    await world.pass(16 * SECOND);
    await world.say("DOWN");
    await world.pass(5 * MINUTE, 5 * SECOND);
    expect(did()).toEqual(["restart api"]);
    expect((await world.only()).actions.at(-1)).toMatchObject({ remedy: "restart", outcome: "proposed" });
    await world.incidents.approve(id, "bob");
    await world.pass(5 * SECOND);
    expect(did()).toEqual(["restart api", "restart api"]);
  });

  test("that was approved goes on to the next restart while the checks do not pass", async () => {
    const world = await stage.start({ environment: "production" });
    await world.say("DOWN");
    await world.incidents.approve((await world.only()).id, "alice");
    await world.pass(5 * MINUTE, 5 * SECOND);
    expect(did()).toEqual(["restart api", "restart api"]);
  });

  test("of a protected environment that is not named production waits as well; a service that may act acts", async () => {
    const ladder = ["restart" as const];
    const world = await stage.start({
      environment: "live",
      isProtected: true,
      remedies: { web: { mode: "act", ladder } },
    });
    await world.grant("web");
    await world.say("DOWN");
    await world.say("DOWN", { service: "web", checkId: "live/web/health" });
    expect(did()).toEqual(["restart web"]);
  });
});

describe("the plan", () => {
  test("says what comes next without doing anything, and is what is done then", async () => {
    const world = await stage.start({ environment: "production" });
    world.situation.databasesDown = ["db"];
    await world.say("DOWN");
    const { id } = await world.only();
    expect(await world.incidents.plan(id)).toMatchObject({
      ...{ mode: "propose", phase: "proposed", underWay: null, after: ["restart", "redeploy"], refused: [] },
      next: {
        remedy: "restart",
        step: 2,
        rung: 1,
        name: "restart of api (1 of 2)",
        evidence: expect.stringMatching(/#\d+$/),
      },
      veto: { rule: "database", reason: expect.stringContaining("db is down") },
      ...{ validUntil: "2026-03-01T12:30:00.000Z", left: { restarts: 2, actionsThisHour: 4, actionsToday: 10 } },
    });
    expect(did()).toEqual([]);
    world.situation.databasesDown = [];
    await world.incidents.approve(id, "alice");
    await world.settle();
    expect(did()).toEqual(["restart api"]);
    expect(await world.incidents.plan(id)).toMatchObject({
      underWay: "restart of api (1 of 2)",
      next: { name: "restart of api (2 of 2)" },
      left: { restarts: 1, actionsThisHour: 3 },
    });
  });

  test("counts the restarts of the service, whatever incident they were for", async () => {
    const world = await stage.start();
    await world.say("DOWN", { class: "process-gone" });
    await world.say("UP");
    await world.say("DOWN", {
      class: "auth-step:1",
      family: "auth",
      component: "login",
      checkId: "staging/check/login",
    });
    await world.pass(5 * MINUTE, 5 * SECOND);
    expect(did()).toEqual(["restart api", "restart api"]);
    const incidents = await Promise.all((await world.incidents.list()).map(({ id }) => world.incidents.get(id)));
    const said = (symptom: string) =>
      incidents.find((incident) => incident?.symptom === symptom)?.timeline.map(({ text }) => text);
    expect(said("process gone")).toContain("restart of api (1 of 2) begins");
    expect(said("login fails at step 1")).toContain("restart of api (2 of 2) begins");
    expect(said("login fails at step 1")).toContain("restart of api refused: the 2 restarts of this hour are used");
  });

  test("says what is refused and that nothing is left", async () => {
    const world = await stage.start();
    await world.say("DOWN", { class: "http-4xx" });
    expect(await world.incidents.plan((await world.only()).id)).toMatchObject({ phase: "done", next: null, after: [] });
    await expect(world.incidents.plan("inc-none")).rejects.toMatchObject({ code: "SM-INCIDENT-UNKNOWN" });
  });

  test("what a person does instead of it is noted, and its rung is not tried again", async () => {
    const world = await stage.start({ environment: "production" });
    await world.say("DOWN");
    const { id } = await world.only();
    const order = { actor: "alice", text: "alice orders restart of api", step: 2 };
    expect((await world.incidents.ordered(id, order)).actions).toMatchObject([{ outcome: "skipped" }]);
    expect(await world.incidents.plan(id)).toMatchObject({
      phase: "waiting",
      next: { name: "restart of api (1 of 2)", step: 3 },
      left: { restarts: 2 },
    });
    await world.pass(MINUTE, 5 * SECOND);
    expect((await world.only()).actions.at(-1)).toMatchObject({ remedy: "restart", outcome: "proposed" });
    expect(did()).toEqual([]);
  });
});

test("a project whose actions are used up heals nothing more, and people are called", async () => {
  const world = await stage.start();
  for (const service of ["a", "b", "c", "d"])
    await stage.store.db.execute(
      sql`INSERT INTO heal_intent (action, app, environment, service, remedy, incident_id, number, intent_at)
          VALUES (gen_random_uuid(), 'shop', 'other', ${service}, 'redeploy', 'x', 1, now())`,
    );
  await world.say("DOWN");
  const { escalated, actions } = await world.only();
  expect(escalated).toBe(true);
  expect(actions).toMatchObject([{ remedy: "escalate", detail: "the 4 healing actions of an hour are used" }]);
  expect(did()).toEqual([]);
});

describe("figures", () => {
  test("an action that worked has held after 30 min without a further failure", async () => {
    const world = await stage.start();
    await world.say("DOWN", { class: "process-gone" });
    await world.say("UP");
    await world.pass(29 * MINUTE, 15 * SECOND);
    expect((await world.incidents.healing(1)).total).toMatchObject({ verified: 1, held: 0, success: null });
    await world.pass(2 * MINUTE, 15 * SECOND);
    const figures = await world.incidents.healing(1);
    expect(figures.total).toMatchObject({ actions: 1, verified: 1, held: 1, success: 1, regret: 0 });
    expect(figures.steps).toMatchObject([{ step: 2, remedy: "restart", held: 1 }]);
    expect(figures.classes).toMatchObject([{ class: "process-gone", held: 1 }]);
  });

  test("one that was followed by the same failure has not, nor has one that failed; a person's restart is regret", async () => {
    const world = await stage.start();
    await world.say("DOWN");
    await world.say("UP");
    await world.pass(5 * SECOND);
    await world.say("DOWN");
    await world.pass(2 * MINUTE, 5 * SECOND);
    await world.pass(40 * MINUTE, 15 * SECOND);
    const entry = { actor: "alice", action: "service.restart", subject: "api", detail: { environment: "staging" } };
    await appendLedger(stage.store, entry);
    // The ledger has the time of this machine; it is append-only, and so the actions are brought to it.
    await stage.store.db.execute(
      sql`UPDATE heal_action SET at = now() - interval '5 minutes', ended_at = now() - interval '4 minutes'`,
    );
    const { total, steps } = await world.incidents.healing(30);
    expect(total).toMatchObject({ actions: 2, verified: 1, held: 0, failed: 1, undone: 2, regret: 1 });
    expect(steps.map(({ step }) => step)).toEqual([2, 3]);
  });
});
