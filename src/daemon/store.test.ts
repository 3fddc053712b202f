import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { findPlace, type Place } from "./place.ts";
import { leaveStore, openPlaceStore, stopStore, storeRuns } from "./store.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let place: Place;
const open = async () => {
  const state = await mkdtemp(join(tmpdir(), "sm-store-"));
  vi.stubEnv("DATABASE_URL", "");
  place = findPlace({ config: join(state, "none.yml"), state });
};
afterEach(async () => {
  await stopStore(place);
  vi.unstubAllEnvs();
  await rm(place.stateDir, { recursive: true, force: true });
});

test("commands that come and go at once: none is cut off by the one that stops the server, and the last one stops it", async () => {
  await open();
  const command = async (index: number) => {
    for (let round = 0; round < 8; round++) {
      const store = await openPlaceStore(place);
      for (let query = 0; query < 3; query++) {
        expect((await store.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
        await delay((index * 7 + round * 13 + query) % 11);
      }
      await store.close();
      await leaveStore(place, store);
    }
  };
  await Promise.all(Array.from({ length: 4 }, (_, index) => command(index)));
  expect(await storeRuns(place)).toBe(false);
});

test("one that is used stays, and its connections with it", async () => {
  await open();
  const [stays, goes] = [await openPlaceStore(place), await openPlaceStore(place)];
  const client = await stays.pool.connect();
  await goes.close();
  await leaveStore(place, goes);
  expect(await storeRuns(place)).toBe(true);
  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  client.release();
  await stays.close();
  await leaveStore(place, stays);
  expect(await storeRuns(place)).toBe(false);
});
