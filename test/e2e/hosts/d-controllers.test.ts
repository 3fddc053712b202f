import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { currentChecks } from "../../../src/daemon/checks.ts";
import { readLedger } from "../../../src/store/ledger.ts";
import { liveUnits } from "../../../src/store/units.ts";
import type { CommandResult } from "../../lab/command.ts";
import { kill } from "../../lab/processes.ts";
import { until } from "../../lab/until.ts";
import { docker } from "../../labs/docker.ts";
import { type Fleet, openFleet } from "../../labs/fleet.ts";
import { sharesAt } from "../../labs/fleet-load.ts";
import { missingHosts } from "../../labs/hosts.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const missing = missingHosts({ registry: true });
if (missing) console.log(`skipped: two controllers of the same hosts: ${missing}`);

const DEPLOY = ["deploy", "production", "--yes", "--json"];
/** A host lets go of a controller that is silent for so long. */
const GATE_MS = 32_000;

/** Each with a database of its own, as on two laptops. */
describe.skipIf(missing)("row d: two controllers that share hosts and no store", () => {
  let one: Fleet;
  let other: Fleet;
  let image: string;
  beforeAll(async () => {
    one = await openFleet({ hosts: 2 });
    other = await openFleet({ hosts: 2, machines: one.machines });
    image = await one.image("one");
    one.manifest(image);
    expect(await one.ship()).toMatchObject({ state: "SUCCEEDED", reason: null });
  });
  afterAll(async () => {
    await other?.close();
    await one?.close();
  });

  test("at once: exactly one acts, the other is refused and has left nothing", async () => {
    one.manifest(image, {
      service: { env: { STEP: "1" } },
      settings: { strategy: { kind: "blue-green", bake: "10m" } },
    });
    other.manifest(image, { service: { env: { STEP: "2" } } });
    // A process of its own: one process may re-take what it holds.
    const refused = new Promise<CommandResult>((done) => {
      one.when("state BAKING", () => done(other.run([...DEPLOY, "--override", "owner", "--reason", "the test"])));
    });
    const acting = one.ship();
    const { code, stdout, stderr } = await refused;
    expect(await one.run(["promote"])).toMatchObject({ code: 0 });
    const acted = await acting;
    expect(acted).toMatchObject({ state: "SUCCEEDED", reason: expect.stringMatching(/^promoted by/) });
    expect(code).toBe(3);
    expect(stdout + stderr).toMatch(/SM-GATE-HELD.*h1: another controller works there/);
    expect(await one.releases()).toEqual([acted.release, acted.release]);
    expect(await one.containers()).toEqual([`h1 app ${acted.release} running`, `h2 app ${acted.release} running`]);
  });

  test("what somebody else deployed is not taken over unseen, and the way back to older units neither", async () => {
    other.manifest(image, { service: { env: { STEP: "seen" } } });
    const before = [await one.releases(), await one.containers()];
    const { code, stdout, stderr } = await other.run(DEPLOY);
    expect(code).toBe(3);
    expect(stdout + stderr).toMatch(/SM-PREFLIGHT.*owner \(.*h1, h2: r\d of app by ro-\S+ \(2 containers\)\)/);
    const seen = await other.plan();
    expect(seen.plan.services).toMatchObject([{ action: "replace", changes: ["deployed by somebody else"] }]);
    // Agreed to before the others came.
    const { foreign: _, ...plan } = seen.plan;
    const { id } = await other.deployer.begin({ ...seen, plan });
    expect(await other.deployer.run(id)).toMatchObject({ state: "FAILED", reason: expect.stringMatching(/^SM-OWNER/) });
    expect([await one.releases(), await one.containers()]).toEqual(before);
  });

  test("a takeover that fails leaves users what they have; one that succeeds leaves nothing of the others", async () => {
    const before = { releases: await one.releases(), containers: await one.containers() };
    const settings = { strategy: { kind: "blue-green", bake: "30s" } };
    other.manifest(image, { service: { env: { UNHEALTHY_AFTER: "8" } }, settings });
    expect(await other.ship()).toMatchObject({ state: "ROLLED_BACK" });
    expect({ releases: await one.releases(), containers: await one.containers() }).toEqual(before);
    other.manifest(image, { service: { env: { STEP: "taken" } } });
    const taken = await other.ship();
    expect(taken).toMatchObject({ state: "SUCCEEDED", reason: null });
    expect(await one.releases()).toEqual([taken.release, taken.release]);
    expect(await one.containers()).toEqual([`h1 app ${taken.release} running`, `h2 app ${taken.release} running`]);
    // Now those are somebody else's there, and what it has itself is gone.
    one.manifest(image, { service: { env: { STEP: "back" } } });
    const back = await one.plan();
    expect(back.plan.foreign).toHaveLength(2);
    expect(await one.ship()).toMatchObject({ state: "SUCCEEDED" });
  });

  test("one that is stopped past its lease loses the environment, and is refused when it wakes", async () => {
    const strategy = { kind: "canary", steps: [40, 100], every: "10m" };
    one.manifest(image, { service: { env: { STEP: "3" } }, settings: { strategy } });
    const command = one.start(["deploy", "production", "--yes", "--json"], { deadlineMs: 280_000 });
    try {
      await until(
        "the canary",
        async () => (await sharesAt(one, 30)).every((shares) => Object.keys(shares).length > 1),
        120_000,
      );
      kill(command.child.pid ?? 0, "SIGSTOP");
      await delay(GATE_MS);
      other.manifest(image, { service: { env: { STEP: "4" } } });
      const taken = await other.ship();
      expect(taken).toMatchObject({ state: "SUCCEEDED", reason: null });
      const containers = await one.containers();
      kill(command.child.pid ?? 0, "SIGCONT");
      const { code, stderr } = await command.done;
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/SM-(GATE-REFUSED|GATE-LOST|LEASE-LOST)/);
      expect(await one.containers()).toEqual(containers);
      expect(await other.releases()).toEqual([taken.release, taken.release]);
    } finally {
      kill(command.child.pid ?? 0, "SIGKILL");
    }
  });

  /** What a host has of the environment, but for its volumes. */
  async function left(host: string): Promise<string[]> {
    const target = { app: "lab", environment: "production" };
    const seen = await other.engine.platform.vacate?.look(target, host, [], { signal: AbortSignal.timeout(60_000) });
    return [...(seen?.routes ?? []), ...(seen?.containers ?? []), ...(seen?.networks ?? [])];
  }

  test("a server that is taken out is cleared by the deployment that leaves it", async () => {
    expect(await left("h2")).toHaveLength(3);
    other.manifest(image, { settings: { hosts: ["h1"] } });
    const { warnings } = (await other.plan()).plan;
    expect(warnings).toContainEqual(expect.stringContaining("h2 is not in hosts any more"));
    const { state, release } = await other.ship();
    expect(state).toBe("SUCCEEDED");
    expect(await other.containers()).toEqual([`h1 app ${release} running`]);
    expect(await left("h2")).toEqual([]);
    expect(await liveUnits(other.engine.store.db, { app: "lab", env: "production" })).toHaveLength(1);
    const [entry] = await readLedger(other.engine.store.db, 1);
    expect(entry).toMatchObject({ action: "host.cleared", subject: "h2", detail: { environment: "production" } });
  });

  test("taken off its servers: what is away is named and finished later, and volumes stay", async () => {
    other.manifest(image);
    expect(await other.ship()).toMatchObject({ state: "SUCCEEDED", reason: null });
    const [h1, h2] = other.machines.hosts;
    const volume = ["volume", "create", "--label", "stationmaster.app=lab", "--label", "stationmaster.env=production"];
    if (h1) await docker(h1.docker, [...volume, "lab_data"]);
    const remove = ["down", "production", "--remove"];
    const shown = await other.run([...remove, "--plan"]);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/h1:\n {2}containers .*\n {2}routes .*app/) });
    expect(shown.stdout).toContain("volumes lab_data (--volumes removes them)");
    expect(await other.run(remove)).toMatchObject({ code: 2, stderr: expect.stringContaining("SM-CONFIRM") });
    await h2?.cut();
    const partly = await other.run([...remove, "--yes"], { deadlineMs: 200_000 });
    expect(partly).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/SM-REMOVE-INCOMPLETE: .*h1 done.* on h2 \(/),
    });
    expect(await left("h1")).toEqual([]);
    await h2?.heal();
    const whole = await other.run([...remove, "--yes", "--json"]);
    expect({ ...whole, stdout: JSON.parse(whole.stdout || "{}") }).toMatchObject({
      code: 0,
      stdout: { environment: "production", removed: ["h1", "h2"], away: [] },
    });
    expect([...(await left("h1")), ...(await left("h2")), ...(await other.containers())]).toEqual([]);
    expect(await other.releases()).toEqual([
      expect.stringContaining("fetch failed"),
      expect.stringContaining("fetch failed"),
    ]);
    expect(h1 && (await docker(h1.docker, ["volume", "ls", "-q"]))).toContain("lab_data");
    expect(await other.run([...remove, "--yes", "--volumes"])).toMatchObject({ code: 0 });
    expect(h1 && (await docker(h1.docker, ["volume", "ls", "-q"]))).not.toContain("lab_data");
    // Nothing is watched, or missed, until it is deployed anew.
    expect(await currentChecks(other.engine, (error) => expect(error).toBeUndefined())).toEqual([]);
    expect(await other.run(DEPLOY)).toMatchObject({ code: 0 });
  });
});
