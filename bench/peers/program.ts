import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../../test/lab/until.ts";

export interface Program {
  pid: number;
  stop(): Promise<void>;
}

interface ProgramOptions {
  program: string;
  args: readonly string[];
  /** Answers 2xx or 3xx as soon as it works. */
  ready: string;
  cwd?: string;
  env?: Record<string, string>;
}

const READY_MS = 60_000;
const LEAVE_MS = 5_000;
const MOST_SAID = 2_000;

/** Starts a server of another project and waits until it answers; `stop` ends it, gently at first. Rejects with what it said. */
export async function startProgram({ program, args, ready, cwd, env }: ProgramOptions): Promise<Program> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-MOST_SAID);
  });
  const gone = once(child, "exit");
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await Promise.race([gone, delay(LEAVE_MS)]);
    child.kill("SIGKILL");
    await gone;
  };
  const answers = async () => (await fetch(ready, { redirect: "manual" })).status < 400;
  try {
    await Promise.race([
      until(program, answers, READY_MS),
      gone.then(() => Promise.reject(new Error(`${program} ended: ${said}`))),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, stop };
}
