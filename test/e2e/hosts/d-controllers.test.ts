import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { CommandResult } from "../../lab/command.ts";
import { kill } from "../../lab/processes.ts";
import { until } from "../../lab/until.ts";
import { type Fleet, openFleet } from "../../labs/fleet.ts";
import { sharesAt } from "../../labs/fleet-load.ts";
import { missingHosts } from "../../labs/hosts.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const missing = missingHosts({ registry: true });
if (missing) console.log(`skipped: two controllers of the same hosts: ${missing}`);

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
      settings: { strategy: { kind: "blue-green", bake: "20s" } },
    });
    other.manifest(image, { service: { env: { STEP: "2" } } });
    // A process of its own: one process may re-take what it holds.
    const refused = new Promise<CommandResult>((done) => {
      one.when("state BAKING", () => done(other.run(["deploy", "production", "--yes", "--json"])));
    });
    const acted = await one.ship();
    expect(acted).toMatchObject({ state: "SUCCEEDED", reason: null });
    const { code, stdout, stderr } = await refused;
    console.log(`refused: exit ${code}: ${stderr}${stdout.slice(0, 300)}`);
    expect(code).toBe(3);
    expect(stdout + stderr).toMatch(/SM-GATE-HELD.*h1: another controller works there/);
    expect(await one.releases()).toEqual([acted.release, acted.release]);
    expect(await one.containers()).toEqual([`h1 app ${acted.release} running`, `h2 app ${acted.release} running`]);
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
      console.log(`it woke up: exit ${code}: ${stderr}`);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/SM-(GATE-REFUSED|GATE-LOST|LEASE-LOST)/);
      expect(await one.containers()).toEqual(containers);
      expect(await other.releases()).toEqual([taken.release, taken.release]);
    } finally {
      kill(command.child.pid ?? 0, "SIGKILL");
    }
  });
});
