import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { catchUp } from "../../../src/daemon/recover.ts";
import { reap } from "../../../src/deploy/reap.ts";
import { listRollouts } from "../../../src/store/rollouts.ts";
import { until } from "../../lab/until.ts";
import { type Fleet, openFleet } from "../../labs/fleet.ts";
import { underLoad } from "../../labs/fleet-load.ts";
import { type LabHost, missingHosts } from "../../labs/hosts.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const missing = missingHosts({ registry: true });
if (missing) console.log(`skipped: hosts that are cut off: ${missing}`);

interface Phase {
  phase: string;
  /** The boundary at which the host is lost. */
  at: string;
  /** Nobody answers any more, or SSH is refused. */
  how: "silent" | "refused";
  end: RegExp;
  /** Of the application, where the release has to fail for the rollout to get there; see `test/labs/app/server.mjs`. */
  env?: Record<string, string>;
}

const PHASES: Phase[] = [
  { phase: "LEASED", at: "state LEASED", how: "refused", end: /^FAILED$/ },
  { phase: "PREPARED", at: "after intent prepare", how: "refused", end: /^FAILED$/ },
  { phase: "EXPANDED", at: "state EXPANDED", how: "refused", end: /^FAILED$/ },
  { phase: "STARTED", at: "after intent start:", how: "refused", end: /^FAILED$/ },
  { phase: "VERIFIED", at: "after intent verify:", how: "refused", end: /^FAILED$/ },
  { phase: "SHIFTING", at: "after intent shift:", how: "silent", end: /^(ROLLED_BACK|STUCK)$/ },
  { phase: "ANALYZING", at: "state ANALYZING", how: "refused", end: /^(ROLLED_BACK|STUCK)$/ },
  { phase: "PROMOTED", at: "state PROMOTED", how: "refused", end: /^(ROLLED_BACK|STUCK)$/ },
  { phase: "BAKING", at: "state BAKING", how: "refused", end: /^(ROLLED_BACK|STUCK)$/ },
  { phase: "DRAINED", at: "state DRAINED", how: "refused", end: /^STUCK$/ },
  { phase: "CLEANING", at: "state CLEANING", how: "refused", end: /^FAILED$/, env: { NEVER_HEALTHY: "1" } },
  {
    phase: "ROLLING_BACK",
    at: "state ROLLING_BACK",
    how: "refused",
    end: /^(ROLLED_BACK|STUCK)$/,
    env: { UNHEALTHY_AFTER: "15" },
  },
];

describe.skipIf(missing)("row c: one of three hosts is cut off, and comes back", () => {
  let fleet: Fleet;
  let image: string;
  let lost: LabHost;
  let reachable: LabHost[];
  let number = 0;
  beforeAll(async () => {
    fleet = await openFleet({ hosts: 3 });
    image = await fleet.image("one");
    const [first, second, third] = fleet.machines.hosts;
    if (!first || !second || !third) throw new Error("three hosts");
    lost = second;
    reachable = [first, third];
    next();
    expect(await fleet.ship()).toMatchObject({ state: "SUCCEEDED" });
  });
  afterAll(() => fleet?.close());

  function next(kind = "blue-green", { env, ...more }: { quorum?: number; env?: Phase["env"] } = {}): void {
    number += 1;
    const strategy = { kind, ...(kind === "canary" ? CANARY : {}), bake: env ? "60s" : "2s" };
    const service = { env: { STEP: String(number), ...env }, ...(env ? { startup: "4s" } : {}) };
    fleet.manifest(image, { service, settings: { strategy, ...more } });
  }

  async function part(how: "silent" | "refused"): Promise<void> {
    if (how === "silent") await lost.cut();
    else await lost.exec(["iptables", "-I", ...REFUSE]);
  }

  async function heal(how: "silent" | "refused"): Promise<void> {
    if (how === "silent") await lost.heal();
    else await lost.exec(["iptables", "-D", ...REFUSE]);
    // The kernel remembers for a moment that there was no way.
    await until("the way to h2", () => fetch(`http://${lost.address}`, { signal: AbortSignal.timeout(5_000) }), 60_000);
    // A host that was waited for in vain is not asked again for a few seconds.
    await until("SSH to h2", async () => {
      const state = await fleet.engine.platform.examine?.({ signal: AbortSignal.timeout(30_000) });
      return state?.every((finding) => finding.state === "ok");
    });
  }

  test("before LEASED: it fails at once with the name of the host, and nothing was done", async () => {
    const before = await fleet.containers();
    next();
    const planned = await fleet.plan();
    await part("refused");
    const { id } = await fleet.deployer.begin(planned);
    const row = await fleet.deployer.run(id);
    await heal("refused");
    expect(row).toMatchObject({ state: "FAILED", reason: expect.stringMatching(/^SM-SSH-\w+: h2 /) });
    expect(await fleet.containers()).toEqual(before);
  });

  test("SHIFTING, refused, with a quorum of two: the others get the release, h2 follows when it is back", async () => {
    const [before] = await fleet.releases();
    next("blue-green", { quorum: 2 });
    let cutting: Promise<void> | undefined;
    fleet.when("after intent shift:", () => {
      cutting = part("refused");
    });
    let row: Awaited<ReturnType<Fleet["ship"]>> | undefined;
    const report = await underLoad(
      { machines: { ...fleet.machines, hosts: reachable } },
      async () => {
        row = await fleet.ship();
      },
      { rate: 10 },
    );
    await cutting;
    const seen = await fleet.releases();
    await heal("refused");
    expect(row).toMatchObject({
      state: "SUCCEEDED",
      behind: ["h2"],
      reason: "went on without h2 (quorum 2 of 3)",
    });
    expect(report.failures).toEqual([]);
    expect([seen[0], seen[2]]).toEqual([row?.release, row?.release]);

    // What is left behind serves there until its route follows; nothing takes it away before.
    await reap(fleet.dependencies, "production");
    expect([before, row?.release]).toContain((await fleet.releases())[1]);
    await catchUp(fleet.engine);
    expect(await fleet.releases()).toEqual([row?.release, row?.release, row?.release]);
    expect((await listRollouts(fleet.engine.store.db, { app: "lab", limit: 1 }))[0]?.behind).toBeNull();
    await until("the end of the old unit", async () => {
      await reap(fleet.dependencies, "production");
      return (await fleet.containers()).every((line) => line.includes(` ${row?.release} `));
    });
  });

  test.each(PHASES)("$phase, $how", async ({ phase, at, how, end, env }) => {
    const [before] = await fleet.releases();
    next(phase === "ANALYZING" ? "canary" : undefined, env && { env });
    let cutting: Promise<void> | undefined;
    fleet.when(at, () => {
      cutting = part(how);
    });
    let row: Awaited<ReturnType<Fleet["ship"]>> | undefined;
    const report = await underLoad(
      { machines: { ...fleet.machines, hosts: reachable } },
      async () => {
        row = await fleet.ship();
      },
      { rate: 10 },
    );
    expect(cutting).toBeDefined();
    await cutting;
    const seen = await fleet.releases();
    await heal(how);
    expect(row?.state).toMatch(end);
    if (row?.state !== "ROLLED_BACK" && !env) expect(row?.reason).toContain("h2");
    expect(report.failures).toEqual([]);
    // Users of the hosts we reach have one release.
    const wanted = end.source === "^STUCK$" ? row?.release : before;
    expect([seen[0], seen[2]]).toEqual([wanted, wanted]);

    next();
    const after = await fleet.ship();
    expect(after).toMatchObject({ state: "SUCCEEDED", reason: null });
    expect(await fleet.releases()).toEqual([after.release, after.release, after.release]);
    expect(await fleet.containers()).toEqual(["h1", "h2", "h3"].map((host) => `${host} app ${after.release} running`));
  });
});

const CANARY = { steps: [50, 100], every: "2s", judge: { on_inconclusive: "promote" } };
const REFUSE = ["INPUT", "-p", "tcp", "--dport", "22", "-j", "REJECT", "--reject-with", "tcp-reset"];
