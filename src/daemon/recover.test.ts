import { afterAll, beforeAll, expect, test } from "vitest";
import { restartService } from "../deploy/restart.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { listRollouts } from "../store/rollouts.ts";
import { liveUnits } from "../store/units.ts";
import { catchUp, recover } from "./recover.ts";

const TARGET = { app: "lab", environment: "local", service: "app" };
let lab: DeployLab;
beforeAll(async () => {
  lab = await openDeployLab();
  expect((await lab.ship()).state).toBe("SUCCEEDED");
});
afterAll(() => lab?.close());

const leaveBehind = () => lab.engine.store.pool.query(`update rollout set behind = '["h2"]'`);
const behind = async () => (await listRollouts(lab.engine.store.db, { app: "lab", limit: 1 }))[0]?.behind;

test("nothing follows while a person has to decide what users get", async () => {
  const { pool } = lab.engine.store;
  await leaveBehind();
  await pool.query("update rollout set state = 'STUCK'");
  await catchUp(lab.engine);
  expect(await behind()).toEqual(["h2"]);
  await pool.query("update rollout set state = 'SUCCEEDED'");
  await catchUp(lab.engine);
  expect(await behind()).toBeNull();
});

test("a restart between the look and the lease: the route leads to what runs then", async () => {
  await leaveBehind();
  const { deploy } = lab.engine;
  const atLeast = async () => {
    const signal = AbortSignal.timeout(60_000);
    await restartService(deploy, { environment: "local", service: "app", which: "all", signal });
    return 0;
  };
  const hold = async () => ({ signal: new AbortController().signal, release: async () => {} });
  await catchUp({
    ...lab.engine,
    deploy: { ...deploy, platform: { ...deploy.platform, fence: { atLeast, hold } } },
  });
  expect(await behind()).toBeNull();
  const units = await liveUnits(lab.engine.store.db, { app: "lab", env: "local" });
  const view = await deploy.platform.traffic?.read(TARGET, { signal: AbortSignal.timeout(10_000) });
  expect(view?.stable.map(({ id }) => id)).toEqual(units.map(({ id }) => id));
});

test("a rollout that goes on for long holds no start up while something serves", async () => {
  const { engine } = lab;
  const [row] = await listRollouts(engine.store.db, { app: "lab", limit: 1 });
  if (!row) throw new Error("there is no rollout");
  const waits = Promise.withResolvers<typeof row>();
  const left: Promise<unknown>[] = [];
  const found = await recover(
    {
      ...engine,
      clock: { ...engine.clock, sleep: async () => {} },
      deployer: { ...engine.deployer, abandoned: async () => [row], run: () => waits.promise },
    },
    { onRollout: () => {}, background: (work) => void left.push(work) },
  );
  expect(found).toMatchObject({ finished: [], adopted: 1, goesOn: true });
  expect(left).toHaveLength(1);
  waits.resolve(row);
  await Promise.all(left);
});
