import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { cpuMsOf } from "./load/cpu.ts";
import { memoryOf, tree } from "./load/memory.ts";
import { rhythmOf, SHORTEST_S } from "./peers/kuma.ts";
import { missingKuma, monitorOf, openKuma, setUp } from "./peers/kuma-server.ts";
import { seconds, table } from "./report.ts";
import { type Child, startChild } from "./watch/child.ts";
import { addressOf, type TargetOrder } from "./watch/targets.ts";
import { startWhole } from "./watch/whole.ts";

const COUNTS = [100, 1_000, 10_000] as const;
const EVERY_MS = SHORTEST_S * 1_000;
const MEASURED_MS = 3 * EVERY_MS;
const LOOK_MS = 1_000;
/** Longer than this, and nobody waits until all are asked. */
const LONGEST_MS = 20 * 60_000;

type Targets = Child<TargetOrder>;

/** A monitor with all it keeps, whichever it is. */
interface Monitor {
  pids(): number[];
  stop(): Promise<void>;
}

interface Case {
  name: string;
  checks: number;
  coveredMs: number;
  askedShare: number;
  cpuShare: number;
  processes: number;
  memoryMiB: number | null;
}

/** What the whole of a monitor takes and how it keeps its interval with ever more checks; Uptime Kuma beside. */
export async function benchWatchScale(): Promise<string> {
  const missing = missingKuma();
  const targets = startChild<TargetOrder>("targets.ts");
  const cases: Case[] = [];
  const notes: string[] = missing === undefined ? [] : [`skipped: Uptime Kuma, ${missing}`];
  try {
    const port = await targets.tell<number>({ open: Math.max(...COUNTS) });
    for (const checks of COUNTS)
      cases.push(await measure("Stationmaster", checks, targets, () => startOurs(checks, port)));
    let version = "";
    for (const checks of missing === undefined ? COUNTS : []) {
      const before = cases.findLast(({ name }) => name.startsWith("Uptime Kuma"));
      const expected = before ? (before.coveredMs * checks) / before.checks : 0;
      if (expected > LONGEST_MS) {
        notes.push(
          `not tried: Uptime Kuma with ${checks}, which would take ${Math.round(expected / 60_000)} min until all are asked`,
        );
        break;
      }
      const filled = await fillKuma(checks, port);
      version = filled.version;
      const start = async () => await startKuma(filled.data);
      cases.push(await measure(`Uptime Kuma ${version}`, checks, targets, start).finally(filled.clear));
    }
  } finally {
    await targets.kill();
  }
  return [
    `HTTP checks every ${EVERY_MS / 1_000} s (Uptime Kuma's shortest interval), each on an address of its own; measured for ${MEASURED_MS / 1_000} s after all were asked; the database server that ours keeps is included`,
    table(
      ["", "checks", "all asked after s", "asked of planned", "CPU", "processes", "PSS MiB"],
      cases.map((one) => [
        ...[one.name, one.checks, seconds(one.coveredMs), percent(one.askedShare)],
        ...[percent(one.cpuShare), one.processes, one.memoryMiB],
      ]),
    ),
    "all asked: from the start of a program that has the checks already; CPU: of one core",
    ...notes,
  ].join("\n");
}

async function measure(name: string, checks: number, targets: Targets, start: () => Promise<Monitor>): Promise<Case> {
  const asked = async () => (await targets.tell<number[]>("asked")).slice(0, checks);
  const earlier = await asked();
  const began = performance.now();
  const monitor = await start();
  try {
    for (;;) {
      const now = await asked();
      if (now.every((count, index) => count > (earlier[index] ?? 0))) break;
      if (performance.now() - began > LONGEST_MS) throw new Error(`${name} has not asked all ${checks} yet`);
      await delay(LOOK_MS);
    }
    const coveredMs = performance.now() - began;
    await delay(EVERY_MS);
    const [cpu, before, from] = [cpuMsOf(monitor.pids()), sum(await asked()), performance.now()];
    await delay(MEASURED_MS);
    const tookMs = performance.now() - from;
    const pids = monitor.pids();
    return {
      ...{ name, checks, coveredMs },
      askedShare: (sum(await asked()) - before) / ((checks * tookMs) / EVERY_MS),
      cpuShare: (cpuMsOf(pids) - cpu) / tookMs,
      processes: pids.length,
      memoryMiB: memoryOf(pids).pss,
    };
  } finally {
    await monitor.stop();
  }
}

async function startOurs(checks: number, port: number): Promise<Monitor> {
  const whole = await startWhole({ checks, port, everyMs: EVERY_MS });
  return { pids: () => [whole.daemon, ...whole.store()], stop: whole.stop };
}

async function startKuma(data: string): Promise<Monitor> {
  const server = await openKuma(data);
  return { pids: () => tree(server.pid), stop: server.stop };
}

/** A store of Uptime Kuma with so many monitors: one made at its own door, the others copied from it, since each further one takes longer there. */
async function fillKuma(checks: number, port: number) {
  const data = mkdtempSync(join(tmpdir(), "sm-kuma-"));
  const urlOf = (index: number) => `http://${addressOf(index)}:${port}/`;
  const server = await openKuma(data);
  try {
    await setUp(server);
    await server.tell("add", monitorOf("t0", urlOf(0), rhythmOf(EVERY_MS / 1_000)));
  } finally {
    await server.stop();
  }
  const store = new DatabaseSync(join(data, "kuma.db"));
  const columns = store
    .prepare("SELECT name FROM pragma_table_info('monitor') WHERE name NOT IN ('id', 'name', 'url')")
    .all()
    .map(({ name }) => `"${name}"`)
    .join(", ");
  const copy = store.prepare(
    `INSERT INTO monitor (name, url, ${columns}) SELECT ?, ?, ${columns} FROM monitor WHERE name = 't0'`,
  );
  store.exec("BEGIN");
  for (let index = 1; index < checks; index++) copy.run(`t${index}`, urlOf(index));
  store.exec("COMMIT");
  store.close();
  return { data, version: server.version, clear: () => rmSync(data, { recursive: true, force: true, maxRetries: 5 }) };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
