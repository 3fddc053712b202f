import { afterEach, expect, test } from "vitest";
import { readLease } from "../store/leases.ts";
import { findRollout, unfinishedRollouts } from "../store/rollouts.ts";
import { liveUnits } from "../store/units.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

const PLACE = { app: "lab", env: "local" };
let lab: DeployLab;
afterEach(() => lab.close());

/** Nothing runs, nothing waits for its end, and whoever comes next can begin. */
async function nothingIsLeft(): Promise<void> {
  const { db } = lab.engine.store;
  expect(await liveUnits(db, PLACE)).toEqual([]);
  expect(await unfinishedRollouts(db, PLACE)).toEqual([]);
  expect(await readLease(db, PLACE)).toMatchObject({ expired: true });
}

test("a rollout that was begun and does not run yet is undone by the stop, and stays so", async () => {
  lab = await openDeployLab();
  const { id } = await lab.deployer.begin(await lab.plan());
  await lab.deployer.stop();
  expect(await findRollout(lab.engine.store.db, id)).toMatchObject({
    state: "FAILED",
    failure: { code: "SM-ROLLOUT-ABORTED" },
  });
  expect(await lab.deployer.run(id)).toMatchObject({ state: "FAILED" });
  await nothingIsLeft();
  await expect(lab.deployer.begin(await lab.plan())).rejects.toMatchObject({ code: "SM-DEPLOY-STOPPING" });
});

test("so is one that is just being begun", async () => {
  lab = await openDeployLab();
  const planned = await lab.plan();
  const ended = lab.deployer.begin(planned).then(({ id }) => lab.deployer.run(id));
  await lab.deployer.stop();
  await nothingIsLeft();
  expect(await ended).toMatchObject({ state: "FAILED", failure: { code: "SM-ROLLOUT-ABORTED" } });
  await nothingIsLeft();
});
