import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seeded } from "../../../src/deploy/analysis/random.ts";
import { until } from "../../lab/until.ts";
import { type Fleet, openFleet } from "../../labs/fleet.ts";
import { sharesAt, underLoad } from "../../labs/fleet-load.ts";
import { type LabHost, missingHosts } from "../../labs/hosts.ts";
import { findProgram } from "../../labs/missing.ts";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });
const missing = findProgram("python3") ? missingHosts({ registry: true }) : "not installed: python3";
if (missing) console.log(`skipped: proxies and controllers that are killed: ${missing}`);

describe.skipIf(missing)("rows b and f: something is interrupted, on two hosts", () => {
  let fleet: Fleet;
  let image: string;
  let number = 0;
  beforeAll(async () => {
    fleet = await openFleet({ hosts: 2 });
    image = await fleet.image("one");
    next({ kind: "blue-green" });
    expect(await fleet.ship()).toMatchObject({ state: "SUCCEEDED", reason: null });
  });
  afterAll(() => fleet?.close());

  /** Another release with the next deployment. */
  function next(strategy: object): void {
    number += 1;
    fleet.manifest(image, {
      service: { env: { STEP: String(number) } },
      settings: { strategy: { bake: "500ms", ...strategy } },
    });
  }

  /** What an operator would do there to the proxy's master process and its workers. */
  const signal = ({ exec, path }: LabHost, name: string, whom: "$master" | "$master $workers") =>
    exec([
      "sh",
      "-c",
      `master=$(cat ${path}/proxy/haproxy.pid); workers=$(cat /proc/$master/task/*/children); busybox kill -${name} ${whom}`,
    ]);

  async function bothHave(release: string): Promise<void> {
    expect(await fleet.releases()).toEqual([release, release]);
    expect(await fleet.containers()).toEqual([`h1 app ${release} running`, `h2 app ${release} running`]);
  }

  test("row f, the proxies start anew, as for an upgrade, while a release bakes: no request fails", async () => {
    next({ kind: "blue-green", bake: "4s" });
    const signalled: Promise<unknown>[] = [];
    fleet.when("state BAKING", () => {
      for (const host of fleet.machines.hosts) signalled.push(signal(host, "USR2", "$master"));
    });
    let row: Awaited<ReturnType<Fleet["ship"]>> | undefined;
    const report = await underLoad(fleet, async () => {
      row = await fleet.ship();
    });
    await Promise.all(signalled);
    expect(signalled).toHaveLength(2);
    expect(report).toMatchObject({ failed: 0, failures: [] });
    expect(row).toMatchObject({ state: "SUCCEEDED", reason: null });
    await bothHave(row?.release ?? "");
  });

  test("row f, a proxy is killed while a release bakes: it comes back with its routes, only what was open then is lost", async ({
    annotate,
  }) => {
    next({ kind: "blue-green", bake: "12s" });
    const [host] = fleet.machines.hosts as [LabHost];
    fleet.when("state BAKING", () => {
      // A worker of before may have ended meanwhile.
      signal(host, "KILL", "$master $workers").catch(() => {});
    });
    let row: Awaited<ReturnType<Fleet["ship"]>> | undefined;
    const report = await underLoad(fleet, async () => {
      row = await fleet.ship();
    });
    await annotate(`${report.failed} of ${report.sent} were lost, the first with ${report.failures[0]?.reason}`);
    // Those that were under way, fewer than come in a second. New connections wait until it is back.
    expect(report.failed).toBeLessThan(40);
    expect(report.failures.filter(({ reason }) => !/ECONNRESET|socket hang up|EPIPE/.test(reason))).toEqual([]);
    expect(row).toMatchObject({ state: "SUCCEEDED", reason: null });
    await bothHave(row?.release ?? "");
  });

  test("row f, the controller is killed with a grant: it ends by itself, and the next command undoes the rest", async () => {
    const [before = ""] = await fleet.releases();
    next({ kind: "canary", steps: [40, 100], every: "10m" });
    const command = fleet.start(["deploy", "production", "--yes", "--json"], { deadlineMs: 280_000 });
    const shared = async () => {
      if (command.child.exitCode !== null) throw new Error(command.said());
      return (await mix(30)).every((shares) => Object.keys(shares).length === 2);
    };
    await until("the canary", shared, 120_000).finally(() => command.child.kill("SIGKILL"));
    await until("its end", async () => (await mix(30)).every((shares) => shares[before] === 30), 75_000);
    const [rollout] = (await fleet.status()).rollouts;
    const { code, stderr } = await fleet.run(["abort", rollout?.id ?? "", "--json"]);
    expect(code, stderr).toBe(0);
    expect((await fleet.status()).rollouts[0]).toMatchObject({ endedAt: expect.any(String) });
    await bothHave(before);
  });

  const mix = (count: number) => sharesAt(fleet, count);

  test("row b, kill -9 of the controller at journal boundaries: the next command brings it to the same end", async ({
    annotate,
  }) => {
    const trace = join(fleet.root, "trace");
    const deploy = async (env: Record<string, string>) => {
      next({ kind: "blue-green" });
      rmSync(trace, { force: true });
      const { stderr } = await fleet.run(["deploy", "production", "--yes", "--json"], {
        env: { STATIONMASTER_FAULT_TRACE: trace, ...env },
      });
      expect(existsSync(trace), stderr).toBe(true);
      return readFileSync(trace, "utf8").trim().split("\n");
    };
    const passed = await deploy({});
    const seed = Number(process.env.STATIONMASTER_TEST_SEED ?? 3);
    const points = sample(passed.length, 4, seed);
    await annotate(`seed ${seed}: ${points.map((point) => passed[point - 1]).join(", ")}`);
    for (const point of points) {
      const report = await underLoad(
        fleet,
        async () => {
          expect(await deploy({ STATIONMASTER_FAULT_KILL_AT: String(point) })).toHaveLength(point);
          const { code, stderr } = await fleet.run(["deploy", "production", "--plan"]);
          expect({ code, at: passed[point - 1], stderr: code === 0 ? "" : stderr }).toEqual({
            code: 0,
            at: passed[point - 1],
            stderr: "",
          });
        },
        { rate: 10 },
      );
      expect(report).toMatchObject({ failed: 0, failures: [] });
      const [rollout] = (await fleet.status()).rollouts;
      expect(rollout).toMatchObject({ state: "SUCCEEDED", endedAt: expect.any(String) });
      await bothHave(rollout?.release ?? "");
    }
  });
});

/** `count` numbers from 1 to `most`, spread over all of it, the same for a seed. */
function sample(most: number, count: number, seed: number): number[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => 1 + Math.floor(((i + random()) * most) / count));
}
