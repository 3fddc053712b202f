import { afterEach, describe, expect, test } from "vitest";
import { type LoadReport, runLoad } from "../../bench/load.ts";
import { service } from "../../test/lab/lab.ts";
import { StrategyKind } from "../contract/rollout.ts";
import { liveUnits } from "../store/units.ts";
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

describe("no request fails", () => {
  test.each(StrategyKind.options.flatMap((kind) => [1, 3].map((replicas) => ({ kind, replicas }))))(
    "$kind with $replicas replicas",
    async ({ kind, replicas }) => {
      const strategy = kind === "canary" ? { kind, steps: [20, 100], every: "300ms" } : { kind };
      lab = await openDeployLab({ services: { app: service({ replicas, drain: "1s" }) }, strategy });
      const { ship, goBack, write, url, engine } = lab;
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
      const units = await liveUnits(engine.store.db, { app: "lab", env: "local" });
      expect(units.map(({ release, role, state }) => ({ release, role, state }))).toEqual(
        Array.from({ length: replicas }, () => ({ release: "r1", role: "stable", state: "running" })),
      );
    },
  );
});
