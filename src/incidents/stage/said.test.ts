import { expect, test } from "vitest";
import { MINUTE, SECOND } from "../testing.ts";
import { openStage } from "./testing.ts";

const stage = openStage();

/** It fails, and a restart helps for a moment. */
async function turn() {
  await stage.world.say("DOWN");
  await stage.world.pass(40 * SECOND);
  await stage.world.say("UP");
  await stage.world.pass(5 * SECOND);
}

test("who is called reads that the restarts are used up", async () => {
  await stage.start();
  await turn();
  await turn();
  await stage.world.say("DOWN");
  await stage.world.pass(5 * SECOND);
  const { timeline, id } = await stage.world.only();
  const why = "failed again: api not answering (connection refused); the 2 restarts of this hour are used";
  expect(stage.world.did).toHaveLength(2);
  expect(timeline.find(({ kind }) => kind === "escalated")?.text).toBe(`a person is needed: ${why}`);
  expect(stage.world.messages.find(({ kind }) => kind === "escalated")?.text).toBe(`a person is needed: ${why}`);
  expect(await stage.world.incidents.plan(id)).toMatchObject({ next: null, stopped: why, well: false });
});

test("the time in which it was up between two failures is no downtime", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  await stage.world.pass(20 * SECOND);
  await stage.world.say("UP");
  await stage.world.pass(30 * SECOND);
  await stage.world.say("DOWN");
  const since = new Date(stage.world.clock.now()).toISOString();
  expect((await stage.world.only()).times?.downtime).toEqual({ endedMs: 20 * SECOND, since });
  await stage.world.pass(5 * SECOND);
  await stage.world.say("UP");
  await stage.world.pass(30 * SECOND);
  expect((await stage.world.only()).times?.downtime).toEqual({ endedMs: 25 * SECOND, since: null });
});

test("while all checks of an incident pass its plan is to do nothing", async () => {
  await stage.start();
  await turn();
  const { id } = await stage.world.only();
  const calm = { well: true, next: null, after: [], veto: null, refused: [], notBefore: null, stopped: null };
  expect(await stage.world.incidents.plan(id)).toMatchObject({ phase: "idle", ...calm });
  await stage.world.say("DOWN");
  expect(await stage.world.incidents.plan(id)).toMatchObject({ well: false, underWay: "restart of api (2 of 2)" });
});

test("who has it and takes it again tells nobody, and keeps his note; another note or another person is told", async () => {
  await stage.start();
  await stage.world.say("DOWN");
  const { id } = await stage.world.only();
  const acknowledge = async (actor: string, note?: string) => {
    await stage.world.pass(MINUTE);
    const { acknowledgement } = await stage.world.incidents.acknowledge(id, actor, note);
    await stage.world.pass(MINUTE);
    return acknowledgement;
  };
  const told = () => stage.world.messages.filter(({ kind }) => kind === "acknowledged").map(({ text }) => text);
  const first = await acknowledge("alice", "on it");
  const second = await acknowledge("alice");
  expect(second).toMatchObject({ actor: "alice", note: "on it" });
  expect(Date.parse(second?.until ?? "")).toBeGreaterThan(Date.parse(first?.until ?? ""));
  expect(told()).toEqual(["alice has it: on it"]);
  await acknowledge("alice", "the disk is full");
  expect(await acknowledge("bob")).toMatchObject({ actor: "bob", note: null });
  expect(told()).toEqual(["alice has it: on it", "alice has it: the disk is full", "bob has it"]);
});
