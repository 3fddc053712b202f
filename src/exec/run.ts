import { type ChildProcess, spawn } from "node:child_process";
import { pipeline } from "node:stream";
import { ExternalError } from "../core/errors.ts";

export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What a program may be fed with. */
export type Stdin = string | Uint8Array | NodeJS.ReadableStream;

export interface RunOptions {
  deadlineMs: number;
  cwd?: string;
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Sent to standard input, which then ends; nothing is there to read where it is left out. A stream that fails ends the program. */
  stdin?: Stdin;
  onOutput?: (text: string) => void;
  /** Stands between the program's standard error and everybody who sees it. */
  filterStderr?: (text: string) => string;
  /** Awaited at the deadline or abort, before the program is ended; must not reject. */
  onKill?: () => Promise<void>;
}

const MOST_OUTPUT = 10_000_000;

/** Runs argv to its end and answers its output; ends it at the deadline or when the signal aborts. Never uses a shell. */
export async function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const { deadlineMs, cwd, env, signal, stdin, onOutput, filterStderr, onKill } = options;
  signal?.throwIfAborted();
  const [program = "", ...args] = argv;
  return await new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd,
      env,
      detached: true,
      stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    const take = (stream: "stdout" | "stderr", text: string) => {
      if (text === "") return;
      onOutput?.(text);
      if (output[stream].length < MOST_OUTPUT) output[stream] += text;
    };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => take("stdout", text));
    child.stderr
      ?.setEncoding("utf8")
      .on("data", (text: string) => take("stderr", filterStderr ? filterStderr(text) : text));
    let stopped = false;
    const end = (reason: unknown) => {
      killGroup(child);
      fail(reason);
    };
    const stop = (reason: unknown) => {
      stopped = true;
      settle();
      if (onKill) onKill().then(() => end(reason));
      else end(reason);
    };
    const timer = setTimeout(() => stop(pastDeadline(program, deadlineMs)), deadlineMs);
    const abort = () => stop(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    child.once("error", (cause) => {
      settle();
      fail(
        new ExternalError({
          code: "SM-EXEC-START",
          message: `${program} could not be started: ${cause.message}`,
          cause,
        }),
      );
    });
    child.once("close", (code) => {
      settle();
      if (!stopped) done({ code, ...output });
    });
    if (stdin !== undefined) feed(child, stdin, stop);
  });
}

/** A program may end before it has read everything; only a source that fails is a failure of the run. */
function feed(child: ChildProcess, stdin: Stdin, stop: (reason: unknown) => void): void {
  const input = child.stdin;
  if (!input) return;
  if (typeof stdin === "string" || stdin instanceof Uint8Array) {
    input.on("error", () => {});
    input.end(stdin);
    return;
  }
  stdin.once("error", stop);
  pipeline(stdin, input, () => {});
}

/** SIGKILL for a program that leads its group, and for what it started there. */
export function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Ended by itself.
  }
}

function pastDeadline(program: string, deadlineMs: number): ExternalError {
  return new ExternalError({
    code: "SM-EXEC-DEADLINE",
    message: `${program} did not end within ${deadlineMs / 1_000} s`,
    retryable: true,
  });
}
