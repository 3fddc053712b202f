import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ExternalError, systemCode } from "../../core/errors.ts";
import {
  allByEnvironment,
  endGroup,
  endProcesses,
  findByEnvironment,
  groupUsage,
  isAlive,
  type ProcessIdentity,
  spawnDetached,
} from "../../exec/process.ts";
import type { UnitAddress } from "../../store/tables/unit.ts";
import type { ObservedUnit, StartRequest, UnitEnd, UnitRef } from "../platform.ts";
import { inheritedEnvironment } from "./environment.ts";
import { freePort } from "./ports.ts";
import { serviceFolder } from "./releases.ts";
import { startCommand } from "./start.ts";

/** Marks a process as a unit of ours, so that it is found again when only its id is known. */
export const MARK = "STATIONMASTER_UNIT";
const LOG_DAYS = 7;
const LEAST_SPAN_MS = 1_000;
const FORGET_MS = 10 * 60_000;

/** The processes of one state directory. */
export interface Units {
  start(request: StartRequest): Promise<UnitAddress>;
  observe(unit: UnitRef): Promise<ObservedUnit>;
  stop(unit: UnitRef, graceMs: number, keep?: (end: UnitEnd) => Promise<void>): Promise<string>;
  usage(units: readonly UnitRef[]): Promise<Map<string, { cpuPercent: number; memoryBytes: number }>>;
}

export function createUnits({ stateDir }: { stateDir: string }): Units {
  const exits = new Map<string, { code: number | null; signal: string | null }>();
  const ports = new Set<number>();
  const cpu = new Map<string, CpuSample>();

  async function start({ id, target, release, environment }: StartRequest): Promise<UnitAddress> {
    const service = release.services[target.service];
    if (!service) throw new Error(`release ${release.name} has no service ${target.service}`);
    const folder = serviceFolder(stateDir, release.name, service.path);
    const logs = join(stateDir, "logs", target.service);
    await makeLogFolder(logs);
    await removeOldLogs(logs);
    const port = service.kind === "http" ? await freePort(ports) : undefined;
    if (port) ports.add(port);
    const own: Record<string, string> = {
      [MARK]: id,
      RELEASE: release.name,
      SERVICE: target.service,
      ENVIRONMENT: target.environment,
    };
    if (port) own.PORT = String(port);
    const log = join(logs, `${id}.log`);
    const child = await spawnDetached({
      argv: startCommand(service.start, { ...environment, ...own }),
      cwd: folder,
      env: { ...inheritedEnvironment(), ...environment, ...own },
      logFile: log,
    });
    void child.exited.then((exit) => {
      exits.set(id, exit);
      if (port) ports.delete(port);
    });
    return { pid: child.pid, started: child.started, log, ...(port ? { port } : {}) };
  }

  async function observe(unit: UnitRef): Promise<ObservedUnit> {
    const known = identity(unit.address);
    if (known) return { alive: await isAlive(known), exit: exits.get(unit.id) ?? null, address: unit.address };
    const found = await findByEnvironment(MARK, unit.id);
    return {
      alive: found !== undefined,
      exit: exits.get(unit.id) ?? null,
      address: found ? { ...unit.address, ...found } : unit.address,
    };
  }

  const stop: Units["stop"] = async (unit, graceMs, keep) => {
    const { address, exit } = await observe(unit);
    const known = identity(address);
    const ended = known ? await endGroup(known, graceMs) : "gone";
    // A program that makes itself a daemon leaves the group; its children still bear our mark.
    await endProcesses(await allByEnvironment(MARK, unit.id), graceMs);
    await keep?.({ exit, lines: [] });
    exits.delete(unit.id);
    cpu.delete(unit.id);
    return ended;
  };

  async function usage(units: readonly UnitRef[]) {
    const groups = units.flatMap(({ address }) => (address.pid ? [address.pid] : []));
    const now = performance.now();
    const totals = await groupUsage(groups);
    const result = new Map<string, { cpuPercent: number; memoryBytes: number }>();
    for (const { id, address } of units) {
      const total = totals.get(address.pid ?? -1);
      if (!total || address.pid === undefined) continue;
      const sample = sampleCpu(cpu.get(id), total.cpuMs, now);
      cpu.set(id, sample);
      result.set(id, { cpuPercent: sample.percent, memoryBytes: total.memoryBytes });
    }
    // Units that another process stopped are never asked about again.
    for (const [id, { at }] of cpu) if (now - at > FORGET_MS) cpu.delete(id);
    return result;
  }

  return { start, observe, stop, usage };
}

interface CpuSample {
  cpuMs: number;
  /** Monotonic milliseconds. */
  at: number;
  percent: number;
}

/** The kernel counts in steps of 10 ms: over less than a second the last answer is better than a new one. */
function sampleCpu(last: CpuSample | undefined, cpuMs: number, at: number): CpuSample {
  if (!last) return { cpuMs, at, percent: 0 };
  if (at - last.at < LEAST_SPAN_MS) return last;
  const percent = ((cpuMs - last.cpuMs) / (at - last.at)) * 100;
  return { cpuMs, at, percent: Math.max(0, Number(percent.toFixed(1))) };
}

function identity({ pid, started }: UnitAddress): ProcessIdentity | undefined {
  return pid !== undefined && started !== undefined ? { pid, started } : undefined;
}

async function makeLogFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ExternalError({
      code: "SM-LOG-OPEN",
      message: `cannot make the folder for logs ${path} (${systemCode(cause)})`,
      next: "free disk space or check the permissions of the state directory",
      cause,
    });
  }
}

async function removeOldLogs(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const age =
      Date.now() -
      (await stat(path).then(
        (found) => found.mtimeMs,
        () => Date.now(),
      ));
    if (age > LOG_DAYS * 86_400_000) await rm(path, { force: true });
  }
}
