import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { withDeadline } from "../notify/deadline.ts";
import { readLease } from "../store/leases.ts";
import { liveUnits } from "../store/units.ts";
import type { Watch } from "../watch/watch.ts";
import { healingEffects } from "./heal.ts";
import { createLoops } from "./loops.ts";

const PLACE = { app: "lab", env: "local" };
let lab: DeployLab;
beforeAll(async () => {
  lab = await openDeployLab({ strategy: { bake: "0s" } });
  // The release that is restarted takes its time from its second start on.
  lab.write(
    "slow.mjs",
    `import { existsSync, writeFileSync } from "node:fs";
     if (existsSync("started")) await new Promise((done) => setTimeout(done, 3_000));
     writeFileSync("started", "");
     await import("./app.mjs");`,
  );
  lab.manifest({ services: { app: service({ start: ["${NODE}", "slow.mjs"] }) }, strategy: { bake: "0s" } });
  expect((await lab.ship()).state).toBe("SUCCEEDED");
});
afterAll(() => lab.close());

test("a restart that nobody waits for any more is waited for by the stop, and leaves all in order", async () => {
  const { db } = lab.engine.store;
  const [before] = await liveUnits(db, PLACE);
  const loops = createLoops(() => {});
  const stop = new AbortController();
  const effects = healingEffects(lab.engine, () => ({ verdicts: () => [] }) as unknown as Watch, loops.track);
  const hold = await effects.hold("app", stop.signal);
  expect(hold.withinMs).toBe(5 * 60_000);
  const asked = withDeadline((signal) => hold.restart(undefined as never, signal), 60_000, stop.signal);
  asked.catch(() => {});
  await until("the fresh unit", async () => (await liveUnits(db, PLACE)).length === 2);
  stop.abort(new Error("the daemon stops"));
  await expect(asked).rejects.toThrow("the daemon stops");
  // What goes on in the background has the environment until it has put things in order.
  await hold.release();
  expect(await readLease(db, PLACE)).toMatchObject({ expired: false });
  await loops.idle();
  expect(await liveUnits(db, PLACE)).toMatchObject([{ id: before?.id, state: "running" }]);
  expect(await readLease(db, PLACE)).toMatchObject({ expired: true });
});
