import { spawn } from "node:child_process";
import { ExternalError } from "../core/errors.ts";

export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

const MOST_OUTPUT = 10_000_000;

/** Runs argv to its end and answers its output; ends it at the deadline or when the signal aborts. Never uses a shell. */
export async function run(
  argv: readonly string[],
  {
    deadlineMs,
    cwd,
    env,
    signal,
    onOutput,
  }: {
    deadlineMs: number;
    cwd?: string;
    env?: Record<string, string>;
    signal?: AbortSignal;
    onOutput?: (text: string) => void;
  },
): Promise<RunResult> {
  signal?.throwIfAborted();
  const [program = "", ...args] = argv;
  return await new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (chunk: string) => {
        onOutput?.(chunk);
        if (output[stream].length < MOST_OUTPUT) output[stream] += chunk;
      });
    }
    const end = () => {
      try {
        if (child.pid) process.kill(-child.pid, "SIGKILL");
      } catch {
        // Ended by itself.
      }
    };
    const timer = setTimeout(() => {
      end();
      fail(
        new ExternalError({
          code: "SM-EXEC-DEADLINE",
          message: `${program} did not end within ${deadlineMs / 1_000} s`,
          retryable: true,
        }),
      );
    }, deadlineMs);
    const abort = () => {
      end();
      fail(signal?.reason);
    };
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
      done({ code, ...output });
    });
  });
}
