import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { daemonElsewhere, pointTo } from "./elsewhere.ts";
import { lockDaemon } from "./lock.ts";
import { findPlace } from "./place.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "stationmaster-elsewhere-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const placeIn = (state: string | undefined) => {
  const place = findPlace(
    { config: join(folder, "stationmaster.yaml"), ...(state && { state: join(folder, state) }) },
    {},
  );
  mkdirSync(place.stateDir, { recursive: true });
  return place;
};

test("a daemon in another place is found by commands of the same manifest while it lives", async () => {
  const [usual, own, third] = [placeIn(undefined), placeIn("own"), placeIn("third")];
  expect(await daemonElsewhere(usual)).toBeUndefined();
  const lock = await lockDaemon(own);
  const takeBack = pointTo(own);
  expect(await daemonElsewhere(usual)).toBe(own.stateDir);
  expect(await daemonElsewhere(third)).toBe(own.stateDir);
  expect(await daemonElsewhere(own)).toBeUndefined();
  expect(await daemonElsewhere({ ...usual, configFile: join(folder, "other.yaml") })).toBeUndefined();
  lock.release();
  expect(await daemonElsewhere(usual)).toBeUndefined();
  takeBack();
  const again = await lockDaemon(own);
  expect(await daemonElsewhere(usual)).toBeUndefined();
  again.release();
});

test("the usual place needs no note", async () => {
  const [usual, own] = [placeIn(undefined), placeIn("own")];
  const lock = await lockDaemon(usual);
  pointTo(usual)();
  expect(await daemonElsewhere(own)).toBe(usual.stateDir);
  lock.release();
});
