import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import { service } from "../../test/lab/lab.ts";
import { until } from "../../test/lab/until.ts";
import { type DeployLab, openDeployLab } from "../deploy/testing.ts";
import { verdict } from "../incidents/testing.ts";
import { liveUnits } from "../store/units.ts";
import { recordEvents } from "../watch/state.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { newCheck } from "../watch/verdict.ts";
import { verdictChannel } from "../watch/workers/session.ts";
import { type Engine, openEngine } from "./engine.ts";
import { createParts } from "./parts.ts";
import { findPlace } from "./place.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: DeployLab;
const running: Process[] = [];
beforeAll(async () => {
  lab = await openDeployLab({
    services: { app: service() },
    strategy: { bake: "0s" },
    manifest: { remedies: { app: { mode: "propose" } } },
  });
  expect((await lab.ship()).state).toBe("SUCCEEDED");
  vi.stubEnv("DATABASE_URL", lab.env.DATABASE_URL);
});
afterEach(async () => {
  for (const process of running.splice(0)) await process.end();
  await lab.engine.store.pool.query("truncate check_state");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await lab.close();
});

/** One of the processes that watch the lab together, with a connection of its own to the store. */
interface Process {
  engine: Engine;
  parts: Awaited<ReturnType<typeof createParts>>;
  printed: string[];
  failures: unknown[];
  end(): Promise<void>;
}

async function join(shares: "daemon" | "worker"): Promise<Process> {
  const engine = await openEngine(findPlace({ config: `${lab.root}/stationmaster.yaml`, state: lab.state }, {}));
  const printed: string[] = [];
  const failures: unknown[] = [];
  const parts = await createParts(engine, {
    ...{ shares, baseUrl: () => null, print: (line: string) => void printed.push(line) },
    report: (error) => void failures.push(error),
  });
  await parts.crew.start();
  const beat = setInterval(() => void parts.incidents.tick().catch((error: unknown) => failures.push(error)), 200);
  let ended: Promise<void> | undefined;
  const end = async () => {
    clearInterval(beat);
    await parts.crew.stop();
    await parts.incidents.close();
    await engine.close();
  };
  const process: Process = {
    ...{ engine, parts, printed, failures },
    end: () => {
      ended ??= end();
      return ended;
    },
  };
  running.push(process);
  return process;
}

/** Recorded as whoever ran the check does it. */
async function record(to: VerdictEvent["to"], checkId: string): Promise<void> {
  const at = Date.now();
  const event = verdict(to, {
    ...{ checkId, environment: "local", service: "app" },
    at,
    onset: at,
  });
  const spec = { id: event.checkId, environment: event.environment, service: event.service };
  await recordEvents(lab.engine.store, [{ event, kept: { spec, state: { ...newCheck, verdict: to } } }]);
}

const pid = async () =>
  (await liveUnits(lab.engine.store.db, { app: "lab", env: "local" })).find(({ state }) => state === "running")?.address
    .pid;

test("an order that reaches a worker is carried out by the daemon that leads, though the worker ends at once", async () => {
  const leader = await join("daemon");
  const other = await join("worker");
  const before = await pid();
  await record("DOWN", "local/app/health");
  const { id } = await until("the plan", async () => {
    const [found] = await other.parts.incidents.list({ state: "unclosed" });
    return (
      found &&
      (await other.parts.incidents.get(found.id))?.actions.some(({ outcome }) => outcome === "proposed") &&
      found
    );
  });
  expect(await other.parts.incidents.plan(id)).toMatchObject({ service: "app" });
  await other.parts.incidents.approve(id, "bob");
  await other.end();
  await until("the restart", async () => (await pid()) !== before && (await pid()) !== undefined);
  expect(other.printed.join("\n")).not.toContain("begins");
  expect(leader.printed.join("\n")).toContain("restart of app (1 of 2) begins");
  await record("UP", "local/app/health");
  await until("the end", async () => (await leader.parts.incidents.get(id))?.state === "monitoring");
});

test("what a leader could not fold is not lost: the next one folds it", async () => {
  const leader = await join("daemon");
  const { db } = leader.engine.store;
  const transaction = db.transaction.bind(db);
  let refuses = true;
  db.transaction = async (work, config) => {
    if (refuses) throw new Error("no room");
    return await transaction(work, config);
  };
  await record("DOWN", "local/app/login");
  await until("the refusal", () => leader.failures.map(String).join().includes("no room"));
  const { rows } = await lab.engine.store.pool.query("select recorded > delivered as left from check_state");
  expect(rows).toEqual([{ left: true }]);
  await join("worker");
  await leader.end();
  refuses = false;
  await until("the incident", async () => {
    const { rows: open } = await lab.engine.store.pool.query(
      "select 1 from incident where members ? 'local/app/login' and state <> 'suspect'",
    );
    return open.length === 1;
  });
});

test("who follows a change of the checks forgets what was written of those that ended with it, and of no other", async () => {
  const leader = await join("daemon");
  const file = `${lab.root}/stationmaster.yaml`;
  const before = readFileSync(file, "utf8");
  const checks = { ended: { tcp: "127.0.0.1:1", every: "1d" } };
  writeFileSync(file, stringify({ ...parse(before), checks }));
  const worker = await join("worker");
  await worker.parts.crew.follow();
  writeFileSync(file, before);
  const { store } = leader.engine;
  // As if it had been forgotten before, while the worker still ran it; the other one is of a manifest that the worker does not have yet.
  await record("DOWN", "local/check/ended");
  await record("DOWN", "local/check/newer");
  await store.pool.query("select pg_notify($1, $2)", [verdictChannel(store.schema), leader.parts.crew.id]);
  const said = async () => {
    const { rows } = await store.pool.query(
      "select check_id, verdict from check_state where check_id like 'local/check/%'",
    );
    return Object.fromEntries(rows.map(({ check_id, verdict: is }) => [check_id, is]));
  };
  await until("the state to be forgotten", async () => (await said())["local/check/ended"] === "UNKNOWN");
  expect(await said()).toMatchObject({ "local/check/newer": "DOWN" });
  expect(worker.failures).toEqual([]);
});
