import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Crew, type CrewWorker, openCrew } from "../lab/crew.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

const CHECKS = 40;
/** The longest take-over, and what a busy machine may add. */
const TAKEN_MS = 20_000;
const BUSY_MS = 10_000;

let crew: Crew;
let cut: CrewWorker;
beforeAll(async () => {
  crew = await openCrew(CHECKS);
  // It leads, as the first one.
  cut = await crew.start({ byRelay: true });
  await crew.start();
  await crew.shared(2);
});
afterAll(() => crew.close());

const verdicts = async () =>
  (await crew.store.pool.query("SELECT DISTINCT verdict FROM check_state WHERE check_id LIKE 'local/check/c%'")).rows;

test("the leader is cut off from the database: it stops, and the other has its checks within 20 s, none twice", async () => {
  await until("all are up", async () => JSON.stringify(await verdicts()) === '[{"verdict":"UP"}]', 60_000);
  const { ownedMs, ranMs, lastMs, doubled } = await crew.takeOver(cut, crew.relay.cut, TAKEN_MS + BUSY_MS);
  const [owned, ran, last] = [ownedMs, ranMs, lastMs ?? 0].map((ms) => `${(ms / 1_000).toFixed(1)} s`);
  console.log(`network cut: owned elsewhere after ${owned}, run after ${ran}; its own last run after ${last}`);
  expect(ownedMs).toBeLessThan(TAKEN_MS + BUSY_MS);
  expect(lastMs ?? 0).toBeLessThan(ranMs);
  expect(doubled).toEqual([]);
  expect(crew.overlaps).toEqual([]);
});

test("cut off it goes on waiting; with the network it has its share again, and nobody has heard of anything", async () => {
  const before = crew.runsOf(cut);
  await delay(3_000);
  expect(crew.runsOf(cut)).toBe(before);
  expect(cut.command.child.exitCode).toBeNull();
  crew.relay.heal();
  await crew.shared(2);
  await until("it runs checks again", () => crew.runsOf(cut) > before + CHECKS, 60_000);
  expect(crew.overlaps).toEqual([]);
  expect(await verdicts()).toEqual([{ verdict: "UP" }]);
  expect((await crew.store.pool.query("SELECT id FROM incident WHERE state <> 'suspect'")).rows).toEqual([]);
});
