import { type ChildProcess, spawn } from "node:child_process";
import { open, readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { ExternalError, systemCode } from "../core/errors.ts";
import { requireProgram, startError } from "./program.ts";
import { run } from "./run.ts";

const POLL_MS = 50;
/** How long a process may take to vanish after SIGKILL; one in the middle of a disk operation does not end before that. */
const VANISH_MS = 5_000;
/** Tries for a program that is still open for writing: whoever copied it forked at that moment, and the child has the file open until it execs. */
const BUSY_TRIES = 20;
const BUSY_MS = 50;

/** A process as we know it again later: `started` differs for another process with the same pid. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

export interface Detached extends ProcessIdentity {
  /** Resolves when it ends while we are its parent. */
  exited: Promise<Exit>;
}

/** Starts a process in a session (and group) of its own, its output appended to `logFile`; it outlives us. */
export async function spawnDetached(options: {
  argv: readonly string[];
  cwd: string;
  env: Record<string, string>;
  logFile: string;
}): Promise<Detached> {
  const [program, ...args] = options.argv;
  await requireProgram(program ?? "", options);
  const log = await openLog(options.logFile);
  try {
    const { child, exited } = await spawned(() =>
      spawn(program ?? "", args, {
        cwd: options.cwd,
        env: options.env,
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
      }),
    );
    child.unref();
    const pid = child.pid ?? 0;
    return { pid, started: (await startedAt(pid)) ?? "ended", exited };
  } catch (cause) {
    throw startError(program ?? "", options.cwd, cause);
  } finally {
    await log.close();
  }
}

type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** Starts a child and waits until it runs, again while its file is busy (ETXTBSY). */
async function spawned(start: () => ChildProcess): Promise<{ child: ChildProcess; exited: Promise<Exit> }> {
  for (let attempt = 1; ; attempt++) {
    try {
      const child = start();
      const exited = new Promise<Exit>((done) => child.once("exit", (code, signal) => done({ code, signal })));
      await new Promise<void>((done, fail) => child.once("spawn", done).once("error", fail));
      return { child, exited };
    } catch (error) {
      if (systemCode(error) !== "ETXTBSY" || attempt === BUSY_TRIES) throw error;
      await delay(BUSY_MS);
    }
  }
}

async function openLog(path: string) {
  try {
    return await open(path, "a", 0o600);
  } catch (cause) {
    throw new ExternalError({
      code: "SM-LOG-OPEN",
      message: `cannot write the log ${path} (${systemCode(cause)})`,
      next: "free disk space or check the permissions of the state directory",
      cause,
    });
  }
}

/** A token that identifies the process behind `pid`; undefined when there is none (a zombie counts as none). */
export async function startedAt(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") {
    const result = await run(["ps", "-o", "lstart=,stat=", "-p", String(pid)], { deadlineMs: 5_000 });
    const text = result.stdout.trim();
    return result.code !== 0 || /\bZ\S*$/.test(text) ? undefined : text.replace(/\s+\S+$/, "");
  }
  const fields = await statFields(pid);
  return fields && fields.state !== "Z" && fields.state !== "X" ? `${await bootId()}:${fields.start}` : undefined;
}

/** Whether exactly this process lives. */
export async function isAlive({ pid, started }: ProcessIdentity): Promise<boolean> {
  return (await startedAt(pid)) === started;
}

/** Whether a process with this `started` began since the machine, or the container this one is in, was started. */
export async function isOfThisBoot(started: string): Promise<boolean> {
  const init = await startedAt(1);
  const [boot, ticks] = started.split(":");
  const [now = await bootId(), since = "0"] = init?.split(":") ?? [];
  // Elsewhere than on Linux nothing tells, nor does a process that ended as it began.
  return process.platform !== "linux" || ticks === undefined || (boot === now && Number(ticks) >= Number(since));
}

/** Signals the whole group of a process we started; false when it is gone. Never touches another process with that pid. */
export async function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(identity))) return false;
  try {
    process.kill(-identity.pid, signal);
    return true;
  } catch (error) {
    if (systemCode(error) === "ESRCH") return false;
    throw error;
  }
}

/**
 * SIGTERM for the whole group, `graceMs` of patience with all of it (a leader that is only a wrapper, such as npm or a shell,
 * ends before the program it started), then SIGKILL. Answers what ended it; `gone`: its leader had ended before.
 */
export async function endGroup(identity: ProcessIdentity, graceMs: number): Promise<"gone" | "SIGTERM" | "SIGKILL"> {
  const led = await signalGroup(identity, "SIGTERM");
  if (!led) signalAll(await remaining(identity), "SIGTERM");
  const end = performance.now() + graceMs;
  const patient = led ? "SIGTERM" : "gone";
  for (;;) {
    if ((await remaining(identity)).length === 0) return patient;
    if (performance.now() >= end) break;
    await delay(POLL_MS);
  }
  const killed = performance.now();
  await signalGroup(identity, "SIGKILL");
  while (performance.now() - killed < VANISH_MS) {
    const left = await remaining(identity);
    if (left.length === 0) break;
    signalAll(left, "SIGKILL");
    await delay(POLL_MS);
  }
  return led ? "SIGKILL" : "gone";
}

/**
 * The leader while it lives, then what is left of its group. The group's id is the leader's pid, and the kernel gives no
 * process a pid that a group still bears: where another process has that pid now, or the machine was started anew, the group
 * is somebody else's.
 */
async function remaining({ pid, started }: ProcessIdentity): Promise<number[]> {
  const now = await startedAt(pid);
  if (now === started) return [pid];
  return now === undefined && started.startsWith(`${await bootId()}:`) ? await groupMembers(pid) : [];
}

/** SIGTERM, `graceMs` of patience, then SIGKILL, for single processes. */
export async function endProcesses(processes: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  const living = async () => {
    const alive = await Promise.all(processes.map(isAlive));
    return processes.filter((_, index) => alive[index]);
  };
  const signal = (list: readonly ProcessIdentity[], name: NodeJS.Signals) =>
    signalAll(
      list.map(({ pid }) => pid),
      name,
    );
  signal(await living(), "SIGTERM");
  const end = performance.now() + graceMs;
  while (performance.now() < end && (await living()).length > 0) await delay(POLL_MS);
  signal(await living(), "SIGKILL");
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Ended by itself.
    }
  }
}

/** The pids of a process group (Linux; elsewhere none). */
export async function groupMembers(group: number): Promise<number[]> {
  const fields = await allProcesses();
  return fields.filter((item) => item.group === group && item.state !== "Z").map((item) => item.pid);
}

/** CPU ticks and resident bytes of every process group in `groups` (Linux; elsewhere empty). */
export async function groupUsage(
  groups: readonly number[],
): Promise<Map<number, { cpuMs: number; memoryBytes: number }>> {
  const usage = new Map<number, { cpuMs: number; memoryBytes: number }>();
  for (const item of await allProcesses()) {
    if (!groups.includes(item.group)) continue;
    const sum = usage.get(item.group) ?? { cpuMs: 0, memoryBytes: 0 };
    usage.set(item.group, { cpuMs: sum.cpuMs + item.cpuTicks * 10, memoryBytes: sum.memoryBytes + item.pages * 4_096 });
  }
  return usage;
}

/** Every process whose environment has `name=value` (Linux; elsewhere none). A child inherits it, also one that left the group. */
export async function allByEnvironment(
  name: string,
  value: string,
): Promise<(ProcessIdentity & { leader: boolean })[]> {
  const found: (ProcessIdentity & { leader: boolean })[] = [];
  for (const { pid, group, state } of await allProcesses()) {
    if (state === "Z") continue;
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (!environment.split("\0").includes(`${name}=${value}`)) continue;
    const started = await startedAt(pid);
    if (started) found.push({ pid, started, leader: pid === group });
  }
  return found;
}

/** The leader of a process group whose environment has `name=value`, if one lives (Linux; elsewhere undefined). */
export async function findByEnvironment(name: string, value: string): Promise<ProcessIdentity | undefined> {
  const leader = (await allByEnvironment(name, value)).find((item) => item.leader);
  return leader && { pid: leader.pid, started: leader.started };
}

interface StatFields {
  pid: number;
  state: string;
  group: number;
  cpuTicks: number;
  start: string;
  pages: number;
}

async function allProcesses(): Promise<StatFields[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => statFields(Number(pid))));
  return found.filter((item) => item !== undefined);
}

/** Fields of proc_pid_stat(5); the name in parentheses may hold blanks, so count from the last one. */
async function statFields(pid: number): Promise<StatFields | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const rest = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const at = (field: number) => rest[field - 3] ?? "";
  return {
    pid,
    state: at(3),
    group: Number(at(5)),
    cpuTicks: Number(at(14)) + Number(at(15)),
    start: at(22),
    pages: Number(at(24)),
  };
}

let boot: Promise<string> | undefined;
async function bootId(): Promise<string> {
  boot ??= readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
    (text) => text.trim().slice(0, 8),
    () => "boot",
  );
  return await boot;
}
