import { spawn } from "node:child_process";
import type { HostProcess } from "./host.ts";
import { killGroup } from "./run.ts";

type End = Awaited<HostProcess["exited"]>;

/** Enough to tell why it ended. */
const MOST_STDERR = 100_000;

/**
 * Starts a program of this machine that is talked to line by line; ssh is one too. One that cannot be started has ended with code
 * 127. Lines wait for the first listener.
 */
export function startProcess(
  argv: readonly string[],
  {
    signal,
    filterStderr = (text) => text,
    onKill,
    ending = (end) => end,
  }: {
    signal?: AbortSignal | undefined;
    filterStderr?: (text: string) => string;
    /** Awaited before the program here is ended; must not reject. */
    onKill?: () => Promise<void>;
    /** What `exited` answers, from what the program here did. */
    ending?: (end: End) => End;
  } = {},
): HostProcess {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const { promise: exited, resolve } = Promise.withResolvers<End>();
  // Before anything else: one that could not be started, for want of files too, has no streams.
  child.once("error", (error) => resolve({ code: 127, stderr: error.message }));
  const waiting: string[] = [];
  let listener: ((line: string) => void) | undefined;
  let rest = "";
  let stderr = "";
  child.stdin?.on("error", () => {});
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) listener ? listener(line) : waiting.push(line);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + filterStderr(text)).slice(-MOST_STDERR);
  });
  const kill = () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (onKill) onKill().then(() => killGroup(child));
    else killGroup(child);
  };
  signal?.addEventListener("abort", kill, { once: true });
  child.once("close", (code) => {
    signal?.removeEventListener("abort", kill);
    resolve(ending({ code, stderr }));
  });
  return {
    write: (text) => void child.stdin?.write(text),
    end: () => void child.stdin?.end(),
    onLine(next) {
      listener = next;
      for (const line of waiting.splice(0)) next(line);
    },
    kill,
    exited,
  };
}
