import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { ask, type LabOptions, service } from "../../test/lab/lab.ts";
import { git, push as pushTo } from "../../test/lab/repository.ts";
import { until } from "../../test/lab/until.ts";
import { onDatabase } from "../deploy/previews/databases.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { run } from "../exec/run.ts";
import { createLocal } from "../platforms/local/index.ts";
import { PLATFORMS } from "../platforms/registry.ts";
import { readLedger } from "../store/ledger.ts";
import { findPreview, listPreviews } from "../store/previews.ts";
import { createTestDatabase } from "../store/testing.ts";
import { liveUnits } from "../store/units.ts";
import { previewUseCases } from "./preview-orders.ts";
import { createPreviews, type Previews } from "./previews.ts";
import { carryOut, plannedDeploy } from "./rollouts.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const DAY = 24 * 3_600_000;

let lab: DeployLab;
let repository: string;
let previews: Previews;
let now: number;
const failures: unknown[] = [];
/** What was asked of a platform besides units; `broken` fails that many times. */
const remains = { calls: [] as string[], broken: 0 };
const compose = PLATFORMS.compose;

/** Hosts of the manifest, all of them this machine. */
PLATFORMS.compose = (options) => {
  const told = (what: string) => async () => {
    if (remains.broken-- > 0) throw new Error("the host is gone");
    remains.calls.push(`${what} ${options.environment}`);
  };
  return { ...createLocal(options), remains: { stop: told("stop"), remove: told("remove") } };
};

beforeEach(async () => {
  Object.assign(remains, { calls: [], broken: 0 });
  failures.length = 0;
  now = Date.now();
  repository = mkdtempSync(join(tmpdir(), "stationmaster-repository-"));
  await git(repository, "init", "-q");
  await push("main");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await previews.stop();
  await lab.close();
  rmSync(repository, { recursive: true, force: true });
});
afterAll(() => {
  PLATFORMS.compose = compose;
});

const push = (branch: string) => pushTo(repository, branch, "file", `${branch} ${Math.random()}`);

async function open({ services, preview = {}, manifest = {} }: LabOptions & { preview?: object } = {}): Promise<void> {
  const environments = {
    local: { platform: "local", strategy: { bake: "100ms" } },
    preview: { platform: "compose", hosts: ["h1"], per: "branch", ...preview },
  };
  lab = await openDeployLab({ ...(services ? { services } : {}), manifest: { environments, repository, ...manifest } });
  again();
}
/** As a new daemon would. */
function again(): void {
  previews = createPreviews({ engine: lab.engine, report: (error) => failures.push(error), now: () => now });
}
const row = async (env: string) => await findPreview(lab.engine.store.db, { app: "lab", env });
const states = async () =>
  Object.fromEntries((await listPreviews(lab.engine.store.db, "lab")).map(({ env, state }) => [env, state]));
const units = async (env: string) => (await liveUnits(lab.engine.store.db, { app: "lab", env })).length;
const answers = async (url: string | null | undefined) => (await ask(`${url}/version`)).status;
const orders = () =>
  previewUseCases(lab.engine, previews, { inDaemon: false, onBackgroundError: (error) => failures.push(error) });

test("branches get previews, follow their commits, and are gone a week after their branch; nothing else is touched", async () => {
  await open();
  await carryOut(lab.engine, await plannedDeploy(lab.engine, {}, "test"));
  await push("one");
  const second = await push("feature/two");
  await previews.round();
  expect(failures).toEqual([]);
  expect(await states()).toEqual({ "br-one": "running", "br-feature-two": "running" });
  const [one, two] = [await row("br-one"), await row("br-feature-two")];
  expect(two).toMatchObject({ commit: second, settled: true, reason: null, host: "h1" });
  expect(new Set([one?.url, two?.url, await lab.url()]).size).toBe(3);
  for (const url of [one?.url, two?.url]) expect(await answers(url)).toBe(200);

  const third = await push("feature/two");
  await git(repository, "branch", "-qD", "one");
  lab.write("version.txt", "two");
  await previews.round();
  expect(await row("br-feature-two")).toMatchObject({ commit: third, settled: true });
  expect((await ask(`${two?.url}/version`)).release).not.toBe((await ask(`${one?.url}/version`)).release);
  expect(await states()).toEqual({ "br-one": "closed", "br-feature-two": "running" });
  expect(await answers(one?.url)).toBe(200);

  now += 7 * DAY;
  await previews.round();
  expect(failures).toEqual([]);
  expect(await states()).toMatchObject({ "br-one": "removed" });
  expect(remains.calls.filter((call) => call.startsWith("remove"))).toEqual(["remove br-one"]);
  expect(await units("br-one")).toBe(0);
  await expect(answers(one?.url)).rejects.toThrow();
  expect(await units("br-feature-two")).toBe(1);
  expect(await answers(await lab.url())).toBe(200);
  const told = (await readLedger(lab.engine.store.db, 50)).filter(({ subject }) => subject === "br-one");
  expect(told.map(({ action }) => action).reverse()).toEqual(["preview.create", "preview.close", "preview.remove"]);
});

test("unused for three days it sleeps, requests keep it awake, and it is woken by an order", async () => {
  await open();
  await push("one");
  await previews.round();
  const { url } = (await row("br-one")) ?? {};
  now += 2 * DAY;
  expect(await answers(url)).toBe(200);
  await previews.round();
  now += 2 * DAY;
  await previews.round();
  expect(await states()).toEqual({ "br-one": "running" });
  now += DAY;
  await previews.round();
  expect(await states()).toEqual({ "br-one": "asleep" });
  expect(remains.calls).toEqual(["stop br-one"]);
  expect(await units("br-one")).toBe(0);
  await previews.round();
  expect(await states()).toEqual({ "br-one": "asleep" });
  expect(await orders().wakePreview("br-one", "cli:test")).toMatchObject({ state: "running", ready: true });
  expect(await answers((await row("br-one"))?.url)).toBe(200);
});

test("what a stop or a failing host cut off is finished by the next round", async () => {
  await open({ services: { app: service({ env: { MODE: "slow-start" } }) } });
  await push("one");
  const cut = previews.round();
  await until("the rollout", async () => (await units("br-one")) > 0);
  await previews.stop();
  await cut;
  expect(await row("br-one")).toMatchObject({ settled: false, state: "running" });
  again();
  await previews.round();
  expect(failures).toEqual([]);
  expect(await row("br-one")).toMatchObject({ settled: true, reason: null });

  remains.broken = 1;
  await expect(orders().removePreview("br-one", "cli:test")).rejects.toThrow("the host is gone");
  expect(await states()).toEqual({ "br-one": "running" });
  again();
  await previews.round();
  expect(await states()).toEqual({ "br-one": "removed" });
  await previews.round();
  expect(await states()).toEqual({ "br-one": "removed" });
});

test("a preview that needs a secret it may not have is refused by name, and a fork gets none", async () => {
  vi.stubEnv("LAB_ALLOWED", "allowed-word");
  vi.stubEnv("LAB_OTHER", "other-word");
  const needs = (name: string) => ({ app: service({ env: { WORD: `\${secret:${name}}` } }) });
  await open({ services: needs("LAB_OTHER"), preview: { secrets: ["LAB_ALLOWED"] } });
  lab.write(".env.example", "LAB_OTHER=\nLAB_ALLOWED=\n");
  await push("one");
  await previews.round();
  expect(await row("br-one")).toMatchObject({
    settled: true,
    reason: expect.stringMatching(/SM-PREVIEW-SECRET.*LAB_OTHER/),
  });
  const environments = {
    local: { platform: "local" },
    preview: { platform: "compose", hosts: ["h1"], per: "branch", secrets: ["LAB_ALLOWED"] },
  };
  lab.manifest({ services: needs("LAB_ALLOWED"), manifest: { environments, repository } });
  expect(await orders().wakePreview("br-one", "cli:test")).toMatchObject({ ready: true });
  const fork = await orders().openPreview({ ref: "one", pr: 7, fork: true }, "cli:test");
  expect(fork).toMatchObject({ name: "pr-7", ready: false, reason: expect.stringContaining("a fork") });
  await previews.round();
  expect(await row("pr-7")).toMatchObject({ fork: true, state: "running", ordered: "open" });
});

test("each has a database of its own, which goes with it", async () => {
  const server = await createTestDatabase();
  const template = await createTestDatabase();
  vi.stubEnv("LAB_DB_URL", server.url);
  const name = /\/(test_[^?]+)/.exec(template.url)?.[1];
  const stores = { db: { kind: "postgres", url: "${secret:LAB_DB_URL}", preview: { template: name } } };
  await open({
    services: { app: service({ env: { DB: "${store:db}" } }) },
    preview: { secrets: ["LAB_DB_URL"] },
    manifest: { stores },
  });
  await push("one");
  await previews.round();
  expect(await row("br-one")).toMatchObject({ reason: null, databases: { db: "lab_br-one_db" } });
  const own = onDatabase(server.url, "lab_br-one_db");
  const connects = async () => {
    const client = new pg.Client({ connectionString: own });
    await client.connect();
    await client.end();
  };
  await connects();
  await orders().removePreview("br-one", "cli:test");
  await expect(connects()).rejects.toMatchObject({ code: "3D000" });
  await server.drop();
  await template.drop();
});

test("a full host refuses and says so; people open, close and remove by name", async () => {
  await open({ preview: { most: 1 } });
  await push("one");
  await push("two");
  await previews.round();
  const shown = await orders().previews();
  expect(shown.map(({ name, state, ready }) => [name, state, ready])).toEqual([
    ["br-one", "running", true],
    ["br-two", "removed", false],
  ]);
  expect(shown[1]?.reason).toContain("most: 1");
  await expect(orders().openPreview({ ref: "two" }, "cli:test")).rejects.toMatchObject({ code: "SM-PREVIEW-FULL" });
  await expect(orders().openPreview({ ref: "nothing" }, "cli:test")).rejects.toMatchObject({ code: "SM-PREVIEW-REF" });
  await expect(orders().closePreview("br-two", "cli:test")).rejects.toMatchObject({ code: "SM-PREVIEW-UNKNOWN" });
  const closed = await orders().closePreview("br-one", "cli:test");
  expect(Date.parse(closed.expiresAt ?? "")).toBe(now + 7 * DAY);
  await previews.round();
  expect(await states()).toEqual({ "br-one": "closed", "br-two": "removed" });
  expect(await orders().removePreview("br-one", "cli:test")).toMatchObject({ state: "removed" });
  await previews.round();
  expect(await states()).toEqual({ "br-one": "removed", "br-two": "running" });
});

test("killed at any point of a deployment or a removal, it is finished by the next round", async () => {
  await open();
  await push("one");
  const at = (path: string) => new URL(path, import.meta.url).href;
  const script = `
    const { openEngine } = await import(${JSON.stringify(at("./engine.ts"))});
    const { createPreviews } = await import(${JSON.stringify(at("./previews.ts"))});
    const { findPlace } = await import(${JSON.stringify(at("./place.ts"))});
    const { createLocal } = await import(${JSON.stringify(at("../platforms/local/index.ts"))});
    const { PLATFORMS } = await import(${JSON.stringify(at("../platforms/registry.ts"))});
    const die = async () => process.kill(process.pid, "SIGKILL");
    PLATFORMS.compose = (options) => ({ ...createLocal(options), remains: { stop: die, remove: die } });
    const engine = await openEngine(findPlace({ config: process.env.LAB_CONFIG, state: process.env.LAB_STATE }));
    await createPreviews({ engine, report: console.error, now: () => Number(process.env.LAB_NOW) }).round();
    process.exit(0);`;
  const killed = async (env: Record<string, string>) => {
    const places = { ...lab.env, LAB_CONFIG: join(lab.root, "stationmaster.yaml"), LAB_STATE: lab.state };
    const argv = [process.execPath, "--input-type=module", "-e", script];
    const all = { ...process.env, ...places, LAB_NOW: String(now), ...env } as Record<string, string>;
    return (await run(argv, { deadlineMs: 60_000, env: all })).code === null;
  };
  for (const boundary of ["1", "5", "12"]) {
    expect(await killed({ STATIONMASTER_FAULT_KILL_AT: boundary })).toBe(true);
    expect(await row("br-one")).toMatchObject({ state: "running", settled: false });
  }
  await previews.round();
  expect(failures).toEqual([]);
  expect(await row("br-one")).toMatchObject({ settled: true, reason: null });
  expect(await answers((await row("br-one"))?.url)).toBe(200);
  await git(repository, "branch", "-qD", "one");
  await previews.round();
  now += 7 * DAY;
  expect(await killed({})).toBe(true);
  expect(await states()).toEqual({ "br-one": "closed" });
  again();
  await previews.round();
  expect(failures).toEqual([]);
  expect(await states()).toEqual({ "br-one": "removed" });
  expect(await units("br-one")).toBe(0);
});

test("a webhook makes it look at once, with the secret the manifest names; without one there is no hook", async () => {
  vi.stubEnv("HOOK", "whispered");
  await open({ preview: { webhook_secret: "${secret:HOOK}" } });
  const start = () =>
    previewUseCases(lab.engine, previews, { inDaemon: true, onBackgroundError: (error) => failures.push(error) });
  const { previewHook } = start();
  expect(await previewHook?.("production")).toBeUndefined();
  await push("one");
  const hook = await previewHook?.("preview");
  expect(hook?.secret.unwrap()).toBe("whispered");
  for (let times = 0; times < 20; times++) hook?.look();
  await until(
    "the preview",
    async () => (await states())["br-one"] === "running" && (await row("br-one"))?.settled === true,
  );
  expect(failures).toEqual([]);
  expect(await orders().previewHook?.()).toBeUndefined();
  vi.stubEnv("HOOK", "");
  expect(start).toThrow(expect.objectContaining({ code: "SM-SECRET-MISSING" }));
});
