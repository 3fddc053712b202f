import { kill } from "node:process";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { systemClock } from "../core/clock.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { releaseLease, takeLease } from "../store/leases.ts";
import { liveUnits } from "../store/units.ts";
import type { RunReport } from "../watch/probes/run.ts";
import { createWatch, type Watch } from "../watch/watch.ts";
import { currentChecks } from "./checks.ts";
import { healingEffects } from "./heal.ts";
import { isBeingChanged, plannedOutage, processLookup } from "./watching.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const PLACE = { app: "lab", env: "local" };
let lab: DeployLab;
let watch: Watch | undefined;
beforeAll(async () => {
  lab = await openDeployLab({ services: { app: service({ replicas: 2 }) }, strategy: { bake: "0s" } });
  lab.write("slow.mjs", "await new Promise((done) => setTimeout(done, 3_000)); await import('./app.mjs');");
  expect((await lab.ship()).state).toBe("SUCCEEDED");
});
afterEach(async () => {
  await watch?.stop();
  watch = undefined;
});
afterAll(() => lab.close());

const units = async () => (await liveUnits(lab.engine.store.db, PLACE)).filter(({ service: name }) => name === "app");
const look = () => processLookup(lab.engine)({ process: "app" }, AbortSignal.timeout(10_000));

/** What the checks of the lab find from now on. */
async function watching(): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  const { store, environment, redact } = lab.engine;
  watch = createWatch({
    ...{ store, environment, redact, clock: systemClock },
    processes: processLookup(lab.engine),
    planned: () => plannedOutage(lab.engine),
    onVerdict: () => {},
    onResult: (_, report) => reports.push(report),
  });
  await watch.setChecks(await currentChecks(lab.engine, () => {}));
  watch.start();
  await until("the first results", () => reports.length >= 4);
  return reports;
}

describe("replicas that live", () => {
  test("are counted against those of the release; a dead one is missing", async () => {
    expect(await look()).toEqual({ alive: 2, expected: 2, detail: null, exchanging: false, restarts: 0 });
    const [victim] = await units();
    kill(victim?.address.pid ?? 0, "SIGKILL");
    await until("its end", async () => (await look()).alive === 1);
    expect(await look()).toMatchObject({ alive: 1, expected: 2, exchanging: false });
  });

  test("are no failure while somebody has the environment, and nothing is healed then", async () => {
    const effects = healingEffects(lab.engine, () => ({ verdicts: () => [] }) as unknown as Watch);
    const lease = await takeLease(lab.engine.store.db, PLACE, "elsewhere/1/1/restart-1");
    if (!lease) throw new Error("the environment is taken");
    expect(await look()).toMatchObject({ alive: 1, expected: 2, exchanging: true });
    expect(await effects.situation("app")).toMatchObject({ deploying: true, restarting: true });
    await expect(effects.hold("app", AbortSignal.timeout(10_000))).rejects.toMatchObject({
      code: "SM-DEPLOY-BUSY",
      message: `another restart works on ${lab.engine.environment}`,
    });
    await releaseLease(lab.engine.store.db, lease);
    expect(await effects.situation("app")).toMatchObject({ deploying: false });
  });

  test("a restart that heals brings the missing one back, and then gives the environment free", async () => {
    const effects = healingEffects(lab.engine, () => ({ verdicts: () => [] }) as unknown as Watch);
    const hold = await effects.hold("app", AbortSignal.timeout(10_000));
    expect(await isBeingChanged(lab.engine)).toBe(true);
    await hold.restart(undefined as never, AbortSignal.timeout(60_000));
    await hold.release();
    expect(await isBeingChanged(lab.engine)).toBe(false);
    expect(await look()).toMatchObject({ alive: 2, expected: 2 });
  });
});

test("a restart of all replicas, and a rollout that recreates them, fail no check", async () => {
  const reports = await watching();
  const effects = healingEffects(lab.engine, () => watch as Watch);
  const hold = await effects.hold("app", AbortSignal.timeout(10_000));
  await hold.restart(undefined as never, AbortSignal.timeout(60_000));
  lab.manifest({
    services: {
      app: service({ start: ["${NODE}", "slow.mjs"], replicas: 2, health: { path: "/health", every: "1s" } }),
    },
    strategy: { kind: "recreate", bake: "0s" },
  });
  expect((await lab.ship()).state).toBe("SUCCEEDED");
  const after = reports.length;
  await until("results after it", () => reports.slice(after).filter(({ outcome }) => outcome === "ok").length >= 4);
  expect(reports.filter(({ outcome }) => outcome === "fail")).toEqual([]);
  expect(reports.some(({ detail }) => detail?.includes("holds requests"))).toBe(true);
});
