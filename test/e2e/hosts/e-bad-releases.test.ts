import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { type Fleet, type FleetManifest, openFleet } from "../../labs/fleet.ts";
import { underLoad } from "../../labs/fleet-load.ts";
import { missingHosts } from "../../labs/hosts.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const missing = missingHosts({ registry: true });
if (missing) console.log(`skipped: bad releases on hosts: ${missing}`);

const STARTUP = "8s";
const CANARY = { kind: "canary", steps: [50, 100], every: "60s", bake: "1s" };

interface Case {
  what: string;
  /** Of the application; see `test/labs/app/server.mjs`. */
  env: Record<string, string>;
  strategy: object;
  state: "FAILED" | "ROLLED_BACK";
  code: RegExp;
  startup?: string;
  /** Users may see it fail: that is how it is found. */
  errors?: boolean;
  /** Of the container, as the Compose file says it. */
  limits?: object;
}

const CASES: Case[] = [
  {
    what: "never healthy",
    env: { NEVER_HEALTHY: "1" },
    strategy: { kind: "blue-green" },
    state: "FAILED",
    code: /^SM-UNIT-UNHEALTHY: app on h\d did not become healthy within 4 s/,
    startup: "4s",
  },
  {
    what: "ends 30 s after its start, while it bakes",
    env: { CRASH_AFTER: "30" },
    strategy: { kind: "blue-green", bake: "60s" },
    state: "ROLLED_BACK",
    code: /^SM-(UNIT-DIED|UNIT-UNHEALTHY|UNIT-RESTARTED|GUARD-ERRORS)/,
    errors: true,
  },
  {
    what: "unhealthy while it bakes",
    env: { UNHEALTHY_AFTER: "6" },
    strategy: { kind: "blue-green", bake: "60s" },
    state: "ROLLED_BACK",
    code: /^SM-UNIT-UNHEALTHY: app: the health check failed 3 times in a row/,
  },
  {
    what: "every request fails, as a canary",
    env: { ERROR_RATE: "1" },
    strategy: CANARY,
    state: "ROLLED_BACK",
    code: /^SM-(GUARD-ERRORS|CANARY-\w+)/,
    errors: true,
  },
  {
    what: "one request in twenty fails, as a canary",
    env: { ERROR_RATE: "0.05" },
    strategy: CANARY,
    state: "ROLLED_BACK",
    code: /^SM-(GUARD-ERRORS|CANARY-\w+)/,
    errors: true,
  },
  {
    what: "one request in a hundred fails, as a canary of a second",
    env: { ERROR_RATE: "0.01" },
    strategy: { ...CANARY, every: "1s", judge: { on_inconclusive: "rollback" } },
    state: "ROLLED_BACK",
    code: /^SM-CANARY-INCONCLUSIVE: app: .*request/,
    errors: true,
  },
  {
    what: "slow, as a canary",
    env: { SLOW: "1500" },
    strategy: CANARY,
    state: "ROLLED_BACK",
    code: /^SM-(GUARD|CANARY)-LATENCY: app: /,
  },
  {
    what: "leaks while it bakes",
    env: { LEAK_EACH: "0.5" },
    limits: { mem_limit: "128m", memswap_limit: "128m" },
    strategy: { kind: "blue-green", bake: "60s" },
    state: "ROLLED_BACK",
    code: /^SM-UNIT-(DIED|RESTARTED): app.* ran out of memory \(limit 128 MiB\) and was killed/,
    errors: true,
  },
];

describe.skipIf(missing)("row e: bad releases on two hosts", () => {
  let fleet: Fleet;
  let image: string;
  beforeAll(async () => {
    fleet = await openFleet({ hosts: 2, service: { startup: STARTUP } });
    image = await fleet.image("one");
    fleet.manifest(image);
    expect(await fleet.ship()).toMatchObject({ state: "SUCCEEDED", reason: null });
  });
  afterAll(() => fleet?.close());

  async function ship(more: FleetManifest) {
    fleet.manifest(image, more);
    return await fleet.ship();
  }

  test.each(CASES)("$what: users keep the old release", async ({ env, strategy, state, code, ...how }) => {
    const { errors, limits, startup = STARTUP } = how;
    const file = { services: { app: { image, ...limits } } };
    if (limits) fleet.write("compose.yaml", stringify(file));
    const [before] = await fleet.releases();
    let row: Awaited<ReturnType<typeof ship>> | undefined;
    const shipped = async () => {
      row = await ship({ service: { env, startup }, settings: { strategy } });
    };
    const report = await underLoad(fleet, shipped);
    if (limits) rmSync(join(fleet.root, "compose.yaml"));
    expect(row).toMatchObject({ state, reason: expect.stringMatching(code) });
    if (!errors) expect(report.failures).toEqual([]);
    expect(await fleet.releases()).toEqual([before, before]);
    expect(await fleet.containers()).toEqual([`h1 app ${before} running`, `h2 app ${before} running`]);
  });

  test("slow to start, but in its time: it goes on", async () => {
    const row = await ship({ service: { startup: "30s", env: { START_DELAY: "4" } } });
    expect(row).toMatchObject({ state: "SUCCEEDED", reason: null });
  });

  test("an image that no registry has: nothing begins", async () => {
    fleet.manifest(`${fleet.machines.registry}/app:nowhere`);
    const before = await fleet.containers();
    await expect(fleet.plan()).rejects.toMatchObject({
      code: "SM-IMAGE-MISSING",
      message: expect.stringContaining("h1: "),
    });
    expect(await fleet.containers()).toEqual(before);
  });

  test("an image on one host only: the other is named, and nobody has it", async () => {
    const rare = await fleet.image("rare");
    const [before] = await fleet.releases();
    const { images } = await remove(rare);
    fleet.manifest(images);
    const row = await fleet.ship();
    expect(row).toMatchObject({ state: "FAILED", reason: expect.stringMatching(/^SM-IMAGE-\w+: .*h2/) });
    expect(await fleet.releases()).toEqual([before, before]);
    expect((await fleet.containers()).length).toBe(2);
  });

  /** Takes it out of the registry; answers the name of what the first host still has. */
  async function remove(name: string): Promise<{ images: string }> {
    const [, repository, tag] = /\/(.+):(.+)$/.exec(name) ?? [];
    const address = `http://${fleet.machines.registry}/v2/${repository}/manifests`;
    const headers = { accept: "application/vnd.docker.distribution.manifest.v2+json" };
    const digest = (await fetch(`${address}/${tag}`, { headers })).headers.get("docker-content-digest");
    expect((await fetch(`${address}/${digest}`, { method: "DELETE" })).status).toBe(202);
    return { images: `${fleet.machines.registry}/${repository}@${digest}` };
  }
});
