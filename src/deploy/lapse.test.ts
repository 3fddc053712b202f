import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import type { RouteView } from "../platforms/traffic.ts";
import { findRollout, readJournal } from "../store/rollouts.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

const TARGET = { app: "lab", environment: "local", service: "app" };
const EVERY_MS = 10 * 60_000;

let lab: DeployLab;
beforeAll(async () => {
  const strategy = { kind: "canary", steps: [10, 50, 100], every: "10m" };
  lab = await openDeployLab({ strategy });
  expect((await lab.ship()).state).toBe("SUCCEEDED");
  lab.manifest({ strategy, services: { app: service({ env: { STEP: "two" } }) } });
});
afterAll(() => lab.close());

const context = () => ({ signal: AbortSignal.timeout(20_000) });
async function route(): Promise<RouteView> {
  const view = await lab.engine.platform.traffic.read(TARGET, context());
  if (!view) throw new Error("there is no route");
  return view;
}

/** The grant ends in this moment, as it does a minute after it was last renewed. */
async function endGrant(): Promise<void> {
  await lab.engine.platform.traffic.apply(TARGET, { ...(await route()), until: Date.now() }, context());
}

const outcome = async (id: string, key: string) =>
  (await readJournal(lab.engine.store.db, id)).find((entry) => entry.key === key && entry.phase === "outcome")?.payload;
const inAnalysis = async (id: string, key: string) =>
  await until(key, async () => {
    const row = await findRollout(lab.engine.store.db, id);
    return row?.state === "ANALYZING" && (await outcome(id, key));
  });

test("a grant that ended takes the step back: after a crash, and where the controller was only stopped", async () => {
  const { clock } = lab.dependencies;
  let wake: (reason: Error) => void = () => {};
  const frozen = new Promise<void>((_, fail) => {
    wake = fail;
  });
  frozen.catch(() => {});
  let crashed = false;
  let asleep = false;
  const sleep: typeof clock.sleep = (ms, signal) => {
    asleep = crashed;
    return crashed ? frozen : clock.sleep(ms, signal);
  };
  const first = lab.another({ clock: { ...clock, sleep } });
  const { id } = await first.begin(await lab.plan());
  const ended = first.run(id).catch((error: unknown) => error);
  expect(await inAnalysis(id, "analyze:1")).toBeDefined();
  expect(await route()).toMatchObject({ share: 10 });

  // From here on the first controller does nothing more; its lease and its grant end.
  crashed = true;
  await until("the end of the first controller", () => asleep);
  await endGrant();
  expect(await route()).toMatchObject({ share: 0 });
  await lab.engine.store.pool.query("update lease set expires_at = now() - interval '1 s'");
  const resumed = Date.now();
  const second = lab.another();
  const finished = second.run(id);
  expect((await inAnalysis(id, "analyze:2"))?.until).toBeGreaterThanOrEqual(resumed + EVERY_MS);
  expect(await outcome(id, "shifted:1")).toEqual({ index: 0 });
  expect(await outcome(id, "verify:app@3")).toBeDefined();
  const after = await route();
  expect(after.share).toBe(10);
  expect(after.until).toBeGreaterThan(Date.now());

  // Who takes over renews the grant at once, which must not come after its end: seen, or long since done.
  const looked = Date.now();
  await until("its first renewal", async () => (await route()).until !== after.until || Date.now() - looked > 2_000);

  const stopped = Date.now();
  await endGrant();
  expect((await inAnalysis(id, "analyze:3"))?.until).toBeGreaterThanOrEqual(stopped + EVERY_MS);
  expect(await outcome(id, "shifted:2")).toEqual({ index: 0 });
  expect(await route()).toMatchObject({ share: 10 });
  expect(await outcome(id, "analyzed:0")).toBeUndefined();

  // A step that was analyzed to its end (here: cut short by a person) is followed by the next one.
  await second.promote(id, "test");
  expect(await finished).toMatchObject({ state: "SUCCEEDED" });
  const shifts = (await readJournal(lab.engine.store.db, id)).filter(({ key }) => key.startsWith("shifted:"));
  expect(shifts.map(({ payload }) => payload.index)).toEqual([0, 0, 0, 1, 2]);
  wake(new Error("the first controller ends"));
  expect(await ended).toMatchObject({ code: "SM-LEASE-LOST" });
});
