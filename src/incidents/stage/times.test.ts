import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();
const did = () => stage.world.did.map(({ what }) => what);
const outcomes = async () => (await stage.world.only()).actions.map(({ remedy, outcome }) => `${remedy} ${outcome}`);

async function redeployed(): Promise<void> {
  await stage.start({ remedies: { api: { ladder: ["redeploy"] } } });
  Object.assign(stage.world.situation, { lastDeployAt: stage.world.clock.now(), previousGood: "r1" });
  await stage.world.pass(MINUTE, 10 * SECOND);
  await stage.world.say("DOWN");
  await stage.world.say("UP");
}

test("a service that starts in 90 s is not restarted again before it could be well, and the plan says so", async () => {
  await stage.start();
  stage.world.situation.bootMs = 90 * SECOND;
  await stage.world.say("DOWN");
  expect(did()).toEqual(["restart api"]);
  const { id } = await stage.world.only();
  expect((await stage.world.incidents.plan(id)).next).toMatchObject({ remedy: "restart", graceMs: 3 * MINUTE });
  await stage.world.pass(2 * MINUTE, 5 * SECOND);
  // A daemon that starts anew gives it the same time.
  await stage.world.restartDaemon();
  await stage.world.pass(2 * MINUTE + 55 * SECOND, 5 * SECOND);
  expect(did()).toEqual(["restart api"]);
  await stage.world.say("UP");
  expect(await outcomes()).toEqual(["restart succeeded"]);
});

test("of a service that nobody saw start the second restart comes after the grace of its checks", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.pass(2 * MINUTE, 5 * SECOND);
  expect(did().slice(0, 2)).toEqual(["restart api", "restart api"]);
});

test("a redeploy counts once the checks have gone on passing, and the incident is resolved after its quiet time", async () => {
  await redeployed();
  expect(await stage.world.only()).toMatchObject({ state: "monitoring" });
  expect(stage.world.messages.at(-1)?.text).toMatch(/^redeploy of api worked: .*; it counts once they have for 40 s$/);
  const { id } = await stage.world.only();
  expect(await stage.world.incidents.plan(id)).toMatchObject({ phase: "proving", underWay: "redeploy of api" });
  await stage.world.pass(39 * SECOND);
  expect((await outcomes()).at(-1)).toBe("redeploy running");
  await stage.world.pass(SECOND);
  expect((await outcomes()).at(-1)).toBe("redeploy succeeded");
  expect((await stage.world.incidents.get(id))?.timeline.map(({ kind }) => kind)).toContain("proven");
  await stage.world.pass(19 * SECOND);
  expect(await stage.world.only()).toMatchObject({ state: "monitoring" });
  await stage.world.pass(SECOND);
  expect(await stage.world.only()).toMatchObject({ state: "resolved" });
});

test("a doubt begins that time anew, and a failure within it is a redeploy that did not help", async () => {
  await redeployed();
  await stage.world.pass(30 * SECOND);
  await stage.world.say("SUSPECT");
  await stage.world.say("UP");
  await stage.world.pass(30 * SECOND);
  expect((await outcomes()).at(-1)).toBe("redeploy running");
  await stage.world.say("DOWN");
  expect(await outcomes()).toContain("redeploy failed");
  await stage.world.pass(MINUTE, 5 * SECOND);
  expect(did()).toEqual(["redeploy api"]);
  expect(await stage.world.only()).toMatchObject({ state: "open", escalated: true });
});

test("a restart has as long as whoever carries it out says its processes need", async () => {
  await stage.start();
  stage.world.hands.withinMs = 50;
  stage.world.hands.restart = async (_ticket, _service, signal) => {
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    throw new Error("it goes on for ever");
  };
  await stage.world.say("DOWN");
  await stage.world.settle();
  expect((await outcomes())[0]).toBe("restart failed");
});
