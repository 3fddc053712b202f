import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { createParts } from "../../../src/daemon/parts.ts";
import { readStatus } from "../../../src/daemon/status.ts";
import { createCheckRenewal } from "../../../src/daemon/upkeep.ts";
import { reap } from "../../../src/deploy/reap.ts";
import { until } from "../../lab/until.ts";
import { docker } from "../../labs/engine.ts";
import { type Fleet, type FleetManifest, openFleet } from "../../labs/fleet.ts";
import { underLoad } from "../../labs/fleet-load.ts";
import { type LabHost, missingHosts } from "../../labs/hosts.ts";
import { findProgram } from "../../labs/missing.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
const missing = missingHosts({ registry: true });
if (missing) console.log(`skipped: strategies on hosts: ${missing}`);
const compose = findProgram("docker-compose");
if (!compose) console.log("skipped: infrastructure on hosts: docker-compose is not installed");

const CASES: { kind: string; replicas: number; strategy?: object; compose?: string }[] = [
  { kind: "blue-green", replicas: 1 },
  {
    kind: "canary",
    replicas: 1,
    strategy: { steps: [10, 50, 100], every: "2s", judge: { on_inconclusive: "promote" } },
  },
  { kind: "rolling", replicas: 2 },
  { kind: "recreate", replicas: 1, compose: "services: {app: {volumes: ['data:/data']}}\nvolumes: {data: {}}\n" },
];

describe.skipIf(missing)("a good release on two hosts", () => {
  let fleet: Fleet;
  let images: string[];
  let number = 0;
  beforeAll(async () => {
    fleet = await openFleet({ hosts: 2 });
    images = [await fleet.image("one"), await fleet.image("two")];
    expect(await ship({})).toBe("r1");
  });
  afterAll(() => fleet?.close());

  /** Deploys the image that does not run; answers its release. */
  async function ship(more: FleetManifest): Promise<string> {
    number += 1;
    fleet.manifest(images[number % 2] ?? "", more);
    const row = await fleet.ship();
    expect(row).toMatchObject({ state: "SUCCEEDED", reason: null });
    return row.release;
  }

  test.each(CASES)("row a, $kind: no request fails, on no host", async ({ kind, replicas, strategy, compose }) => {
    if (compose) fleet.write("compose.yaml", compose);
    const more = { service: { replicas }, settings: { strategy: { kind, bake: "1s", ...strategy } } };
    let release = "";
    const report = await underLoad(fleet, async () => {
      release = await ship(more);
    });
    rmSync(join(fleet.root, "compose.yaml"), { force: true });
    expect(report.failures).toEqual([]);
    expect(report).toMatchObject({ failed: 0, ok: report.sent });
    expect(report.releases[release]).toBeGreaterThan(20);
    expect(await fleet.releases()).toEqual([release, release]);
    const each = Array.from({ length: replicas }, () => `app ${release} running`);
    expect(await fleet.containers()).toEqual(["h1", "h2"].flatMap((host) => each.map((unit) => `${host} ${unit}`)));
  });

  test("row h, streams: none is cut, and their units leave when they have ended", async () => {
    await ship({});
    let release = "";
    const report = await underLoad(
      fleet,
      async () => {
        release = await ship({});
      },
      { rate: 10, sse: "/events", websocket: "/ws" },
    );
    expect(report).toMatchObject({ failed: 0, sse: { cuts: 0 }, ws: { cuts: 0 } });
    expect(Math.min(report.sse.events, report.ws.events)).toBeGreaterThan(40);
    await until(
      "the end of the old units",
      async () => {
        await reap(fleet.dependencies, "production");
        return (await fleet.containers()).length === 2;
      },
      60_000,
    );
    expect(await fleet.containers()).toEqual([`h1 app ${release} running`, `h2 app ${release} running`]);
  });

  test("row h, a worker with long jobs: each that began ends", async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    const office = await listen(fleet.machines.gateway, (path) => {
      const [, what, job = ""] = path.split("/");
      (what === "begin" ? begun : ended).push(job);
    });
    const worker = (step: string): FleetManifest => ({
      services: {
        worker: {
          kind: "worker",
          image: images[0],
          start: ["node", "--input-type=module", "-e", WORKER],
          env: { OFFICE: office.url, STEP: step },
          grace: "30s",
        },
      },
    });
    await ship(worker("1"));
    await until("a job on each host", () => begun.length >= 2);
    const release = await ship(worker("2"));
    await until("a job of the new release", () => begun.some((job) => job.startsWith(release)));
    const old = begun.filter((job) => !job.startsWith(release));
    expect(old.length).toBeGreaterThanOrEqual(2);
    expect(old.filter((job) => !ended.includes(job))).toEqual([]);
    office.server.close();
  });

  test.skipIf(!compose)("what dies on the second host is told with its name; the first goes on", async () => {
    const file = (command: string) => ({
      services: {
        app: { depends_on: ["cache"] },
        cache: { image: images[0], command, stop_grace_period: "0s" },
      },
    });
    fleet.write("compose.yaml", stringify(file("sleep 600")));
    await ship({
      service: { env: { API: "${service:api}" } },
      services: { api: { image: images[0], health: { path: "/health", every: "1s" } } },
    });
    const [first, second] = fleet.machines.hosts;
    if (!first || !second) throw new Error("two hosts");
    const parts = await createParts(fleet.engine, {
      sends: false,
      baseUrl: () => null,
      print: () => {},
      report: () => {},
    });
    const incident = (service: string) =>
      until(`an incident of ${service}`, async () =>
        (await parts.incidents.list()).find((item) => item.service === service),
      );
    const look = async () =>
      await readStatus({
        ...{ engine: fleet.engine, checks: await parts.watch.list(), incidents: [] },
        daemon: { running: false, pid: null, url: null, startedAt: null },
      });
    const kill = async (host: LabHost, label: string) => {
      const ids = await docker(host.docker, ["ps", "--quiet", "--filter", `label=${label}`]);
      await docker(host.docker, ["kill", ...ids.split("\n").filter(Boolean)]);
    };
    try {
      await createCheckRenewal(fleet.engine, parts).renew();
      parts.watch.start();
      const ids = ["app/health", "app/process", "api/health", "infrastructure/cache"];
      expect(parts.watch.verdicts().map(({ id }) => id)).toEqual(
        expect.arrayContaining(ids.flatMap((id) => [`production/${id}@h1`, `production/${id}@h2`])),
      );
      await until("the first results", () => parts.watch.verdicts().every(({ verdict }) => verdict === "UP"));
      const before = await look();
      expect(before.services.map(({ name, url, internal }) => ({ name, url, internal }))).toEqual([
        { name: "app", url: `http://${first.address}`, internal: undefined },
        { name: "api", url: "http://api:8080", internal: true },
      ]);
      expect(before.services[0]?.hosts).toEqual(
        ["h1", "h2"].map((host) => ({ host, state: "healthy", alive: 1, expected: 1, detail: null })),
      );
      expect(before.infrastructure).toEqual([
        { name: "cache", hosts: ["h1", "h2"].map((host) => ({ host, state: "healthy", detail: null })) },
      ]);
      // What it is told is there for as long as it runs, whoever started it.
      const told = await docker(second.docker, ["ps", "--quiet", "--filter", "label=stationmaster.service=app"]);
      expect(await docker(second.docker, ["exec", told.trim(), "env"])).toContain("API=http://api:8080\n");

      await kill(second, "stationmaster.service=app");
      expect(await incident("app")).toMatchObject({ severity: "SEV2", symptom: expect.stringMatching(/ on h2$/) });
      const after = (await look()).services.find(({ name }) => name === "app");
      expect(after).toMatchObject({ state: "degraded", detail: "down on h2" });
      expect(after?.hosts).toMatchObject([{ state: "healthy" }, { host: "h2", alive: 0, state: "down" }]);

      await kill(first, "com.docker.compose.service=cache");
      expect(await incident("cache")).toMatchObject({ severity: "SEV2", symptom: "process gone on h1" });
      expect((await look()).infrastructure?.[0]?.hosts[0]).toMatchObject({ host: "h1", state: "down" });
    } finally {
      await parts.watch.stop();
      await parts.incidents.close();
    }

    fleet.write("compose.yaml", stringify(file("sleep 601")));
    const { plan } = await fleet.plan();
    expect(plan.warnings).toContainEqual(expect.stringMatching(/^cache runs on h1, h2 as .* docker rm -f \S+ there/));
  });
});

/** Works on one job after the other, seconds long; when it is asked to end it finishes the one it has. */
const WORKER = `
const tell = (what, job) => fetch(process.env.OFFICE + "/" + what + "/" + job).then((answer) => answer.text());
let stop = false;
process.on("SIGTERM", () => { stop = true; });
for (let n = 0; !stop; n++) {
  const job = process.env.RELEASE + "-" + process.pid + "-" + n + "-" + Math.random();
  await tell("begin", job);
  await new Promise((done) => setTimeout(done, 4000));
  await tell("end", job);
}`;

async function listen(address: string, hear: (path: string) => void): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    hear(request.url ?? "");
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, address, done));
  const bound = server.address();
  return { server, url: `http://${address}:${typeof bound === "object" ? bound?.port : 0}` };
}
