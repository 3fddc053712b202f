import { afterEach, expect, test } from "vitest";
import { runLoad } from "../../bench/load.ts";
import { type ServiceText, service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { freePort } from "../platforms/local/ports.ts";
import { liveUnits } from "../store/units.ts";
import { reap } from "./reap.ts";
import { type DeployLab, openDeployLab } from "./testing.ts";

let lab: DeployLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

async function open(services: Record<string, ServiceText>, kind = "blue-green"): Promise<DeployLab> {
  lab = await openDeployLab({ services, strategy: { kind } });
  expect((await lab.ship()).state).toBe("SUCCEEDED");
  return lab;
}

const route = async ({ engine }: DeployLab, name: string) =>
  await engine.platform.traffic.read(
    { app: "lab", environment: "local", service: name },
    { signal: AbortSignal.timeout(10_000) },
  );
const units = async ({ engine }: DeployLab) =>
  (await liveUnits(engine.store.db, { app: "lab", env: "local" })).map(
    ({ service: name, role, state, release }) => `${name} ${release} ${role} ${state}`,
  );

test("a renamed service takes its fixed port along, there and back: no request fails", async () => {
  const port = await freePort(new Set());
  const it = await open({ web: service({ port }) });
  const end = new AbortController();
  const load = runLoad({ url: `http://127.0.0.1:${port}`, rate: 40, signal: end.signal });
  for (const name of ["site", "web"]) {
    it.manifest({ services: { [name]: service({ port }) } });
    const ended = await it.ship();
    expect(ended).toMatchObject({ state: "SUCCEEDED" });
    expect(await it.ask("/version", name)).toMatchObject({ status: 200, release: ended.release });
    expect(await it.url(name)).toBe(`http://127.0.0.1:${port}`);
  }
  end.abort();
  expect(await load).toMatchObject({ failed: 0, failures: [] });
  expect(await route(it, "site")).toBeUndefined();
});

test("a rename that fails leaves the old service where it was", async () => {
  const port = await freePort(new Set());
  const it = await open({ web: service({ port }) });
  const before = await it.ask("/version", "web");
  it.manifest({ services: { site: service({ port, env: { MODE: "never-healthy" }, startup: "1s" }) } });
  expect(await it.ship()).toMatchObject({ state: "FAILED", failure: { code: "SM-UNIT-UNHEALTHY" } });
  expect(await it.ask("/version", "web")).toEqual(before);
  expect(await it.url("web")).toBe(`http://127.0.0.1:${port}`);
});

test("a service that becomes a worker has no address any more; one that stops being one gets it", async () => {
  const it = await open({ app: service(), job: service() });
  expect(await route(it, "job")).toBeDefined();
  it.manifest({ services: { app: service(), job: service({ kind: "worker" }) } });
  const worker = await it.ship();
  expect(worker.state).toBe("SUCCEEDED");
  expect(await route(it, "job")).toBeUndefined();
  it.manifest({ services: { app: service(), job: service() } });
  const again = await it.ship();
  expect(again.state).toBe("SUCCEEDED");
  expect(await it.ask("/version", "job")).toMatchObject({ status: 200, release: again.release });
  expect((await units(it)).filter((unit) => unit.startsWith("job"))).toEqual([`job ${again.release} stable running`]);
});

test.each(["rolling", "recreate", "canary"])("%s: a worker is replaced in its full number", async (kind) => {
  const job = (step: string) => ({ job: service({ kind: "worker", replicas: 2, env: { STEP: step } }) });
  const it = await open(job("1"), kind);
  it.manifest({ services: job("2"), strategy: { kind, steps: [100] } });
  const { state, release } = await it.ship();
  expect(state).toBe("SUCCEEDED");
  expect(await units(it)).toEqual([`job ${release} stable running`, `job ${release} stable running`]);
});

test("a stream of a removed service goes on until it ends by itself; then process and address go", async () => {
  const it = await open({ app: service(), back: service() });
  const stop = new AbortController();
  const stream = await fetch(`${await it.url("back")}/events`, { signal: stop.signal });
  const reader = stream.body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  it.manifest({ services: { app: service() } });
  expect((await it.ship()).state).toBe("SUCCEEDED");
  expect(await reap(it.dependencies, "local")).toEqual([]);
  expect(await units(it)).toContain("back r1 stable draining");
  for (let i = 0; i < 3; i++) expect((await reader?.read())?.done).toBe(false);
  stop.abort();
  await until("the end of the process", async () => (await reap(it.dependencies, "local")).length === 1);
  expect(await units(it)).toHaveLength(1);
  expect(await route(it, "back")).toBeUndefined();
});
