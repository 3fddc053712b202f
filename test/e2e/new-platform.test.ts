import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type LoadReport, runLoad } from "../../bench/load.ts";
import type { Boundary } from "../../src/deploy/journal.ts";
import { type DeployLab, openDeployLab } from "../../src/deploy/testing.ts";
import { PLATFORMS } from "../../src/platforms/registry.ts";
import { liveUnits } from "../../src/store/units.ts";
import { service } from "../lab/lab.ts";
import { kill } from "../lab/processes.ts";
import { until } from "../lab/until.ts";
import { SILENT_MS } from "../labs/nodes/gate.ts";
import { createNodes, NODES } from "../labs/nodes/index.ts";
import { type NodesLab, openNodes } from "../labs/nodes/lab.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const NAMES = ["a", "b"];
const TARGET = { app: "lab", environment: "local", service: "app" };

/** Row j: a platform that nobody here knew, one folder and one line of the registry. */
describe("a new platform", () => {
  let nodes: NodesLab;
  let lab: DeployLab;
  /** With a store of its own. */
  let other: DeployLab;
  let boundary: Boundary | undefined;
  let step = 0;
  beforeAll(async () => {
    nodes = await openNodes(NAMES);
    PLATFORMS.local = createNodes;
    process.env[NODES] = nodes.command.env[NODES];
    lab = await openDeployLab({ command: nodes.command }, { boundary: (at) => boundary?.(at) });
    other = await openDeployLab({ command: nodes.command });
    expect(await lab.ship()).toMatchObject({ state: "SUCCEEDED", reason: null });
  });
  afterAll(async () => {
    await nodes?.close();
    await other?.close();
    await lab?.close();
  });
  beforeEach(() => {
    boundary = undefined;
  });

  /** Another release in the manifest. */
  function next(strategy: Record<string, unknown> = {}, replicas = 1, of = lab): void {
    step += 1;
    const app = service({ replicas, drain: "1s", env: { STEP: String(step) } });
    of.manifest({ services: { app }, strategy: { judge: { on_inconclusive: "promote" }, ...strategy } });
  }

  /** What each node answers. */
  async function releases(): Promise<string[]> {
    const view = await lab.engine.platform.traffic.read(TARGET, { signal: AbortSignal.timeout(10_000) });
    const answers = (view?.hosts ?? []).map(async ({ listensAt }) => {
      const { headers } = await fetch(listensAt, { headers: { connection: "close" } });
      return headers.get("x-stationmaster-release") ?? "nothing";
    });
    return await Promise.all(answers);
  }

  async function underLoad(work: () => Promise<unknown>): Promise<LoadReport[]> {
    const view = await lab.engine.platform.traffic.read(TARGET, { signal: AbortSignal.timeout(10_000) });
    const end = new AbortController();
    const mix = { getKeepAlive: 2, getNew: 1, postBody: 1 };
    const more = { sse: "/events", websocket: "/ws", clients: 20, timeoutMs: 40_000 };
    const loads = (view?.hosts ?? []).map(({ listensAt: url }) =>
      runLoad({ url, rate: 30, signal: end.signal, mix, ...more }),
    );
    try {
      await work();
    } finally {
      end.abort();
    }
    return await Promise.all(loads);
  }

  const units = async () =>
    (await liveUnits(lab.engine.store.db, { app: "lab", env: "local" }))
      .filter(({ state }) => state !== "draining")
      .map(({ release, role, address }) => `${address.host} ${release} ${role}`)
      .sort();

  describe("row a: no request fails", () => {
    test.each([
      { kind: "blue-green", replicas: 1 },
      { kind: "rolling", replicas: 2 },
      { kind: "canary", replicas: 1, steps: [30, 100], every: "500ms" },
      { kind: "recreate", replicas: 1 },
    ])("$kind", async ({ replicas, ...strategy }) => {
      next(strategy, replicas);
      const loads = await underLoad(async () => {
        expect(await lab.ship()).toMatchObject({ state: "SUCCEEDED", reason: null });
        await delay(1_000);
      });
      expect(loads.map(({ failed, failures }) => [failed, failures])).toEqual(NAMES.map(() => [0, []]));
      expect(loads.every(({ ok }) => ok > 30)).toBe(true);
      if (strategy.kind !== "recreate") expect(loads.map(({ sse, ws }) => sse.cuts + ws.cuts)).toEqual([0, 0]);
      expect(new Set(await releases()).size).toBe(1);
    });
  });

  describe("row b: kill -9 of the controller", () => {
    const trace = () => join(lab.root, "trace");
    let passed: string[] | undefined;
    async function deploy(env: Record<string, string>): Promise<string[]> {
      rmSync(trace(), { force: true });
      next();
      const { signal, stderr } = await lab.run(["deploy", "local", "--yes", "--json"], {
        env: { ...nodes.command.env, STATIONMASTER_FAULT_TRACE: trace(), ...env },
      });
      expect(signal, stderr).toBe(env.STATIONMASTER_FAULT_KILL_AT ? "SIGKILL" : null);
      return readFileSync(trace(), "utf8").trim().split("\n");
    }

    test.each(["after intent start:", "before outcome shift:", "after intent stop:"])("at `%s`", async (at) => {
      passed ??= await deploy({});
      const number = passed.findIndex((line) => line.replace(/^\d+ /, "").startsWith(at)) + 1;
      expect(number, passed.join(", ")).toBeGreaterThan(0);
      const loads = await underLoad(async () => {
        expect(await deploy({ STATIONMASTER_FAULT_KILL_AT: String(number) })).toHaveLength(number);
        // The nodes let go of who is silent after a while.
        await until(
          "the end of what was left",
          async () => (await lab.run(["deploy", "local", "--plan"])).code === 0,
          30_000,
        );
      });
      expect(loads.map(({ failures }) => failures)).toEqual([[], []]);
      const [{ state, release } = { state: "none", release: "none" }] = (await lab.status()).rollouts;
      expect(state).toBe("SUCCEEDED");
      expect(await releases()).toEqual([release, release]);
      expect(await units()).toEqual([`a ${release} stable`, `b ${release} stable`]);
    });
  });

  describe("row c: one node is cut off, and comes back", () => {
    test.each([
      { at: "after intent start:", end: /^FAILED$/ },
      { at: "after intent shift:", end: /^(ROLLED_BACK|STUCK)$/ },
      { at: "state BAKING", end: /^(ROLLED_BACK|STUCK)$/ },
      { at: "state DRAINED", end: /^STUCK$/ },
    ])("$at", async ({ at, end }) => {
      const [before] = await releases();
      next();
      let cut = false;
      boundary = (point) => {
        if (cut || !point.startsWith(at)) return;
        cut = true;
        nodes.cut("b");
      };
      const row = await lab.ship();
      nodes.heal("b");
      expect(row.state).toMatch(end);
      const [reached] = await releases();
      expect(reached).toBe(end.source === "^STUCK$" ? row.release : before);
      next();
      const after = await lab.ship();
      expect(after).toMatchObject({ state: "SUCCEEDED", reason: null });
      expect(await releases()).toEqual([after.release, after.release]);
      expect(await units()).toEqual([`a ${after.release} stable`, `b ${after.release} stable`]);
    });
  });

  describe("row d: two controllers without a common store", () => {
    test("at once: exactly one acts", async () => {
      next({ bake: "3s" });
      next({}, 1, other);
      let refused: Promise<unknown> | undefined;
      boundary = (point) => {
        if (point === "state BAKING") refused ??= other.ship().catch((error: unknown) => error);
      };
      const acted = await lab.ship();
      expect(acted).toMatchObject({ state: "SUCCEEDED", reason: null });
      expect(await refused).toMatchObject({ code: "SM-GATE-HELD" });
      expect(await releases()).toEqual([acted.release, acted.release]);
    });

    test("one that is stopped past its lease is refused when it wakes", async () => {
      next({ kind: "canary", steps: [50, 100], every: "10m" });
      const command = lab.start(["deploy", "local", "--yes", "--json"]);
      const share = async () =>
        (await lab.engine.platform.traffic.read(TARGET, { signal: AbortSignal.timeout(10_000) }))?.share;
      try {
        await until("the canary", async () => (await share()) === 50, 60_000);
        kill(command.child.pid ?? 0, "SIGSTOP");
        await delay(SILENT_MS + 1_000);
        next({}, 1, other);
        const taken = await other.ship();
        expect(taken).toMatchObject({ state: "SUCCEEDED", reason: null });
        kill(command.child.pid ?? 0, "SIGCONT");
        const { code, stderr } = await command.done;
        expect(code).not.toBe(0);
        expect(stderr).toMatch(/SM-(GATE-HELD|GATE-REFUSED|GATE-LOST|LEASE-LOST)/);
        expect(await releases()).toEqual([taken.release, taken.release]);
      } finally {
        kill(command.child.pid ?? 0, "SIGKILL");
      }
    });
  });
});
