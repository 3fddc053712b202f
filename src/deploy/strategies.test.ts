import { afterEach, expect, test } from "vitest";
import { type LoadReport, runLoad } from "../../bench/load.ts";
import { service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { StrategyKind } from "../contract/rollout.ts";
import { liveUnits } from "../store/units.ts";
import { reap } from "./reap.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

let lab: DeployLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

/** Sends requests of every kind while `work` goes on; answers what became of them. */
async function underLoad(url: string, work: () => Promise<void>): Promise<LoadReport> {
  const end = new AbortController();
  const load = runLoad({
    url,
    rate: 60,
    signal: end.signal,
    mix: { getKeepAlive: 2, getNew: 1, postBody: 1 },
    sse: "/events",
    websocket: "/ws",
    timeoutMs: 40_000,
  });
  try {
    await work();
  } finally {
    end.abort();
  }
  return await load;
}

/** Each strategy once, with few and many replicas. */
const CASES = [
  { kind: "blue-green", replicas: 1 },
  { kind: "blue-green", replicas: 3 },
  { kind: "rolling", replicas: 3 },
  { kind: "canary", replicas: 2 },
  { kind: "recreate", replicas: 2 },
] as const;

test("there is a case for every strategy", () => {
  expect(new Set(CASES.map(({ kind }) => kind))).toEqual(new Set(StrategyKind.options));
});

test.each(CASES)("$kind with $replicas replicas: no request fails, no stream is cut", async ({ kind, replicas }) => {
  const strategy = kind === "canary" ? { kind, steps: [20, 100], every: "300ms" } : { kind };
  lab = await openDeployLab({ services: { app: service({ replicas, drain: "1s" }) }, strategy });
  const { ship, goBack, write, url, engine, dependencies } = lab;
  expect((await ship()).state).toBe("SUCCEEDED");
  const report = await underLoad(await url(), async () => {
    write("version.txt", "two");
    expect((await ship()).state).toBe("SUCCEEDED");
    expect((await goBack()).state).toBe("SUCCEEDED");
  });
  expect(report.failures).toEqual([]);
  expect(report.failed).toBe(0);
  expect(report.ok).toBeGreaterThan(50);
  expect(Object.keys(report.releases).sort()).toEqual(["r1", "r2"]);
  // Recreate has nowhere to leave a stream.
  if (kind !== "recreate") expect({ sse: report.sse.cuts, ws: report.ws.cuts }).toEqual({ sse: 0, ws: 0 });
  await until("the streams' units", async () => {
    await reap(dependencies, "local");
    return (await liveUnits(engine.store.db, { app: "lab", env: "local" })).length === replicas;
  });
  const units = await liveUnits(engine.store.db, { app: "lab", env: "local" });
  expect(new Set(units.map(({ release, role, state }) => `${release} ${role} ${state}`))).toEqual(
    new Set(["r1 stable running"]),
  );
});

test("the key of a canary reaches the data plane", async () => {
  const strategy = { kind: "canary", steps: [50, 100], every: "300ms", key: "cookie:sid" };
  lab = await openDeployLab({ strategy });
  const keys: (string | undefined)[] = [];
  const { platform } = lab.dependencies;
  const { traffic } = platform;
  if (!traffic) throw new Error("no traffic");
  const apply: typeof traffic.apply = (target, wanted, context) => {
    keys.push(wanted.key);
    return traffic.apply(target, wanted, context);
  };
  const deployer = lab.another({ ...lab.dependencies, platform: { ...platform, traffic: { ...traffic, apply } } });
  const planned = await lab.plan();
  expect(planned.plan.strategy.key).toBe("cookie:sid");
  expect((await deployer.run((await deployer.begin(planned)).id)).state).toBe("SUCCEEDED");
  expect(new Set(keys)).toEqual(new Set(["cookie:sid"]));
});
