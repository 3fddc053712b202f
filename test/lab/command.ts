import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const DEADLINE_MS = 120_000;

export interface CommandResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Command {
  child: ChildProcess;
  /** Standard output and error so far. */
  said(): string;
  done: Promise<CommandResult>;
}

export interface CommandOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  uid?: number;
  gid?: number;
  deadlineMs?: number;
  /** Another entry of the command line. */
  main?: string;
}

/** Starts `stationmaster` as a person would: a process of its own. Ended with SIGKILL after two minutes. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): Command {
  const { env, deadlineMs = DEADLINE_MS, main = MAIN, ...rest } = options;
  const child = spawn(process.execPath, [main, ...args], {
    ...rest,
    env: { ...process.env, DATABASE_URL: undefined, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  const done = new Promise<CommandResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { child, said: () => stdout + stderr, done };
}
