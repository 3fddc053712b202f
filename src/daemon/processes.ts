import { readFile } from "node:fs/promises";
import { ExternalError, systemCode } from "../core/errors.ts";
import { startedAt } from "../exec/process.ts";
import { run } from "../exec/run.ts";
import type { ProcessCount, ProcessQuestion } from "../watch/types.ts";
import type { RestartCounter } from "./restart-counter.ts";

const DEADLINE_MS = 5_000;
const UNIT_FIELDS = ["LoadState", "ActiveState", "SubState", "Result", "NRestarts"];

/** Looks at a process of this machine that Stationmaster did not start: a unit of systemd, or what a file has the id of. */
export async function lookAtProcess(
  question: Extract<ProcessQuestion["process"], { unit: string } | { pid_file: string }>,
  { restarts, now, signal }: { restarts: RestartCounter; now: number; signal: AbortSignal },
): Promise<ProcessCount> {
  if ("unit" in question) {
    const found = judgeUnit(question.unit, await showUnit(question.unit, signal));
    return { ...found, restarts: restarts.note(`unit ${question.unit}`, found.total, now) };
  }
  const { pid_file: path } = question;
  const found = await readPid(path);
  const started = found.pid === undefined ? undefined : await startedAt(found.pid);
  if (started === undefined)
    return { alive: 0, expected: 1, detail: found.why ?? `the process ${found.pid} of ${path} is gone` };
  return {
    alive: 1,
    expected: 1,
    detail: null,
    restarts: restarts.note(`pid ${path}`, `${found.pid} ${started}`, now),
  };
}

async function showUnit(unit: string, signal: AbortSignal): Promise<string> {
  const argv = ["systemctl", "show", `--property=${UNIT_FIELDS.join(",")}`, "--", unit];
  const { code, stdout, stderr } = await run(argv, { deadlineMs: DEADLINE_MS, signal });
  if (code === 0) return stdout;
  throw new ExternalError({
    code: "SM-SYSTEMD",
    message: `systemctl does not answer: ${stderr.trim().split("\n")[0] ?? code}`,
  });
}

/** What `systemctl show` says of a unit; `total`: how often it was started again by itself since it is loaded. */
export function judgeUnit(unit: string, shown: string): ProcessCount & { total: number } {
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(shown)?.[1] ?? "";
  const total = Number(field("NRestarts")) || 0;
  if (field("LoadState") === "not-found") return { alive: 0, expected: 1, detail: `there is no unit ${unit}`, total };
  const alive = ["active", "reloading"].includes(field("ActiveState"));
  const state = `${unit} is ${field("ActiveState")} (${field("SubState")}, ${field("Result")})`;
  return { alive: alive ? 1 : 0, expected: 1, detail: alive ? null : state, total };
}

async function readPid(path: string): Promise<{ pid: number; why?: never } | { pid?: never; why: string }> {
  try {
    const text = (await readFile(path, "utf8")).trim();
    return /^[1-9]\d{0,9}$/.test(text) ? { pid: Number(text) } : { why: `${path} holds no process id` };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return { why: `${path} is not there` };
    throw error;
  }
}
