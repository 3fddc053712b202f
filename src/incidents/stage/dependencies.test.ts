import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();

const DATABASE = { checkId: "staging/store/db", service: null, component: "db", everyMs: 2_000 };
const WEB = { checkId: "staging/web/health", service: "web" };

test("a database that is down is one incident: what needs it is not told of, not restarted, and recovers with it", async () => {
  await stage.start();
  stage.world.situation.dependenciesDown = ["db"];
  await stage.world.say("DOWN", WEB);
  await stage.world.say("DOWN");
  await stage.world.say("DOWN", DATABASE);
  await stage.world.pass(20 * MINUTE, 5 * SECOND);
  expect(await stage.world.only()).toMatchObject({ service: "db", severity: "SEV1", escalated: true });
  stage.world.situation.dependenciesDown = [];
  await stage.world.say("UP", DATABASE);
  await stage.world.pass(10 * SECOND);
  await stage.world.say("UP");
  await stage.world.say("UP", WEB);
  await stage.world.pass(20 * MINUTE, 15 * SECOND);
  expect(await stage.world.only()).toMatchObject({ service: "db", state: "resolved" });
  expect(await stage.world.incidents.list({ check: DATABASE.checkId })).toHaveLength(1);
  expect(await stage.world.incidents.list({ check: WEB.checkId })).toEqual([]);
  expect(stage.world.did).toEqual([]);
  expect(new Set(stage.world.messages.map(({ incident }) => incident.service))).toEqual(new Set(["db"]));
});

test("what still fails some time after its parent is well is trouble of its own, also for the next daemon", async () => {
  await stage.start();
  stage.world.situation.dependenciesDown = ["db"];
  await stage.world.say("DOWN");
  await stage.world.pass(MINUTE, 5 * SECOND);
  await stage.world.restartDaemon();
  stage.world.situation.dependenciesDown = [];
  await stage.world.pass(15 * SECOND);
  expect(await stage.world.incidents.list()).toEqual([]);
  await stage.world.pass(25 * SECOND);
  const found = await stage.world.only();
  expect(found).toMatchObject({ service: "api", state: "healing" });
  expect(found.timeline.map(({ text }) => text)).toContain("held back by db");
  expect(stage.world.did.map(({ what }) => what)).toEqual(["restart api"]);
});

test("what is held back is not lost when another check of the same service fails in another way", async () => {
  await stage.start();
  const process = { checkId: "staging/api/process" };
  await stage.world.say("SUSPECT", { ...process, class: "process-gone", family: "availability" });
  stage.world.situation.dependenciesDown = ["db"];
  await stage.world.say("DOWN");
  await stage.world.say("DOWN", { ...process, class: "crash-loop", family: "deploy" });
  stage.world.situation.dependenciesDown = [];
  await stage.world.pass(MINUTE, 5 * SECOND);
  expect((await stage.world.only()).failedChecks).toContain("staging/api/health");
});
