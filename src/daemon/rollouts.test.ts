import { afterEach, expect, test, vi } from "vitest";
import { ask, service } from "../../test/lab/lab.ts";
import { restartService } from "../deploy/restart.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { freePort } from "../platforms/local/ports.ts";
import { liveUnits } from "../store/units.ts";
import { currentChecks } from "./checks.ts";
import { carryOut, plannedDeploy, plannedRollback } from "./rollouts.ts";
import { readStatus } from "./status.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: DeployLab;
afterEach(async () => {
  vi.unstubAllEnvs();
  await lab.close();
});

const HEALTH = { path: "/health", every: "1s", timeout: "5s" };
const deploy = async () => await carryOut(lab.engine, await plannedDeploy(lab.engine, {}, "test"));
const checks = async (broken: unknown[] = []) => await currentChecks(lab.engine, (error) => void broken.push(error));
const ids = async () => (await checks()).map(({ id }) => id);
const asked = async () => (await checks()).find(({ id }) => id === "local/app/health")?.target;

test("after a deployment that failed, what runs is asked what it answers", async () => {
  lab = await openDeployLab({ services: { app: service(), job: service({ kind: "worker" }) } });
  expect((await deploy()).state).toBe("SUCCEEDED");
  const before = await checks();
  lab.manifest({
    services: {
      app: service({
        health: { ...HEALTH, path: "/healthz" },
        replicas: 2,
        startup: "1s",
        env: { MODE: "errors" },
      }),
      job: service(),
    },
    manifest: { checks: { late: { url: "${service:app}/new" } } },
  });
  expect(await plannedDeploy(lab.engine, {}, "test")).toMatchObject({ plan: { services: [{}, {}] } });
  expect((await deploy()).state).toBe("FAILED");
  expect(await checks()).toEqual(before);
  const { services } = await readStatus({
    ...{ engine: lab.engine, checks: [], incidents: [] },
    daemon: { running: false, pid: null, url: null, startedAt: null },
  });
  expect(services).toMatchObject([
    { name: "app", kind: "http", state: "healthy" },
    { name: "job", kind: "worker", url: null },
  ]);
});

test("also a new engine, which finds the manifest of the failed deployment on disk, asks what runs", async () => {
  lab = await openDeployLab();
  await deploy();
  const before = await asked();
  lab.manifest({ services: { next: service({ health: { ...HEALTH, path: "/healthz" } }) } });
  lab.engine.adopt(lab.engine.read());
  expect(await ids()).toEqual(["local/app/health", "local/app/process"]);
  expect(await asked()).toBe(before);
});

test("a plan moves nothing; address and health path move with their rollout, and back with the rollback", async () => {
  const [first, second] = [await freePort(new Set()), await freePort(new Set())];
  lab = await openDeployLab({ services: { app: service({ port: first }) } });
  await deploy();
  const before = await asked();
  lab.manifest({ services: { app: service({ port: second, health: { ...HEALTH, path: "/version" } }) } });
  expect((await plannedDeploy(lab.engine, {}, "test")).plan.services).toMatchObject([{ changes: ["settings"] }]);
  const { store, deploy: dependencies } = lab.engine;
  const [unit] = await liveUnits(store.db, { app: "lab", env: "local" });
  process.kill(unit?.address.pid ?? 0, "SIGKILL");
  await restartService(dependencies, {
    ...{ environment: "local", service: "app", which: "failing" },
    signal: AbortSignal.timeout(60_000),
  });
  const at = async (port: number) => (await ask(`http://127.0.0.1:${port}/version`)).release;
  expect(await at(first)).toBe("r1");
  expect((await deploy()).state).toBe("SUCCEEDED");
  expect(await at(second)).toBe("r2");
  expect(await asked()).toBe(`GET http://127.0.0.1:${second}/version`);
  await carryOut(lab.engine, await plannedRollback(lab.engine, {}, "test"));
  expect(await at(first)).toBe("r1");
  await expect(at(second)).rejects.toThrow();
  expect(await asked()).toBe(before);
});

test("no two services of a release share a port, also when only one of them is deployed; they can swap theirs", async () => {
  const [first, other] = [await freePort(new Set()), await freePort(new Set())];
  lab = await openDeployLab({ services: { app: service({ port: first }), web: service({ port: other }) } });
  await deploy();
  lab.manifest({ services: { app: service({ port: other }), web: service({ port: other }) } });
  await expect(plannedDeploy(lab.engine, {}, "test")).rejects.toMatchObject({ code: "SM-PORT-SHARED" });
  lab.manifest({ services: { app: service({ port: other }), web: service({ port: first }) } });
  await expect(plannedDeploy(lab.engine, { only: ["app"] }, "test")).rejects.toMatchObject({ code: "SM-PORT-SHARED" });
  expect((await deploy()).state).toBe("SUCCEEDED");
  expect(await lab.url("app")).toBe(`http://127.0.0.1:${other}`);
  expect(await lab.url("web")).toBe(`http://127.0.0.1:${first}`);
});

test("a store that no service uses is watched where it exists; one that services use when one of them runs", async () => {
  const url = "redis://127.0.0.1:1";
  const stores = { alone: { kind: "redis", url }, cache: { kind: "redis", url }, idle: { kind: "postgres" } };
  lab = await openDeployLab({ services: { app: service({ depends_on: ["cache"] }) }, manifest: { stores } });
  expect(await ids()).toEqual(["local/store/alone"]);
  await deploy();
  expect(await ids()).toEqual(["local/app/health", "local/app/process", "local/store/alone", "local/store/cache"]);
});

test("a check that needs a secret nobody set, or asks no address, is refused before anything starts", async () => {
  lab = await openDeployLab();
  await deploy();
  const services = { app: service(), next: service() };
  const withCheck = (url: string) => lab.manifest({ services, manifest: { checks: { home: { url } } } });
  withCheck("${service:next}/?key=${secret:LAB_KEY_OF_NOBODY}");
  await expect(deploy()).rejects.toMatchObject({
    code: "SM-SECRET-MISSING",
    message: expect.stringContaining("checks.home"),
  });
  withCheck("example.com");
  await expect(deploy()).rejects.toMatchObject({ code: "SM-CONFIG-VALUE" });
  vi.stubEnv("LAB_ADDRESS", "example.com");
  withCheck("${secret:LAB_ADDRESS}");
  await expect(deploy()).rejects.toMatchObject({ code: "SM-CHECK-URL" });
  expect(await liveUnits(lab.engine.store.db, { app: "lab", env: "local" })).toHaveLength(1);
  vi.stubEnv("LAB_KEY_OF_NOBODY", "key-of-somebody");
  withCheck("${service:next}/?key=${secret:LAB_KEY_OF_NOBODY}");
  expect((await deploy()).state).toBe("SUCCEEDED");
  expect(await ids()).toContain("local/check/home");
  vi.unstubAllEnvs();
  const broken: unknown[] = [];
  expect((await checks(broken)).map(({ id }) => id)).toEqual(
    expect.arrayContaining(["local/app/health", "local/next/health"]),
  );
  expect(broken).toMatchObject([{ code: "SM-SECRET-MISSING" }]);
});

test("a step that has a service and a saved value in one text asks the right address", async () => {
  const steps = [{ get: "${service:app}/version", save: { id: "$.release" } }, { get: "${service:app}/version/${id}" }];
  lab = await openDeployLab({ manifest: { checks: { order: { steps } } } });
  await deploy();
  const order = (await checks()).find(({ id }) => id === "local/check/order");
  expect(order?.options.steps?.[1]?.get).toBe(`${await lab.url()}/version/\${id}`);
});

test("a manifest that is broken on disk stops a deployment, not the way back", async () => {
  lab = await openDeployLab();
  await deploy();
  lab.write("version.txt", "two");
  await deploy();
  lab.write("stationmaster.yaml", "services: [");
  await expect(deploy()).rejects.toMatchObject({ code: "SM-CONFIG-YAML" });
  const alone = await lab.run(["rollback", "local", "--yes"]);
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error SM-CONFIG-YAML: .*\n$/) });
  const planned = await plannedRollback(lab.engine, {}, "test");
  expect(await carryOut(lab.engine, planned)).toMatchObject({ state: "SUCCEEDED", release: "r1" });
  lab.manifest({});
});
