import { setTimeout as delay } from "node:timers/promises";
import { isKnownError } from "../core/errors.ts";
import type { Host, HostProcess, HostRun } from "./host.ts";
import { startProcess } from "./local-host-process.ts";
import { quoteForShell } from "./quote.ts";
import { type RunResult, run as runHere } from "./run.ts";
import { requireHostName, sshArgv } from "./ssh-argv.ts";
import { connectDeadline, connectionLost, noShell, pastDeadline } from "./ssh-errors.ts";
import { createForwards } from "./ssh-forward.ts";
import { createMarks, type Marks } from "./ssh-marks.ts";
import { createMaster } from "./ssh-master.ts";
import { writeThere } from "./ssh-write.ts";

/** For calls without a deadline of their own. */
const CALL_MS = 30_000;
/** How long an aborted call waits until the program there is ended. */
const KILL_MS = 2_000;

export interface SshOptions {
  name: string;
  /** Folder for the sockets of connections; made with mode 0700. */
  controlDir: string;
  /** Instead of the user's own ssh_config. */
  configFile?: string | undefined;
}

/**
 * A host reached with OpenSSH as the user has it set up (configuration, agent, jumps, known hosts), over one shared connection.
 *
 * At a deadline or abort the program there and its process group get SIGKILL over that connection, which delays the rejection by at
 * most 2 s. Not ended are: programs in a session of their own, those of another user (`sudo`), and all of them when the connection
 * is gone; these end by themselves, or when they read the end of standard input or write to what was their output. A program that
 * leaves a child with its output open holds `run` until that child ends.
 */
export function createSshHost({ name, controlDir, configFile }: SshOptions): Host {
  requireHostName(name);
  const master = createMaster({ name, controlDir, configFile });
  const forwards = createForwards(master);
  const killing = new Set<Promise<void>>();

  const command = (marks: Marks, argv: readonly string[]) =>
    sshArgv(master.target, { command: [quoteForShell(marks.wrap(argv))] });

  async function run(argv: readonly string[], options: HostRun): Promise<RunResult> {
    const { deadlineMs, stdin } = options;
    const end = performance.now() + deadlineMs;
    const { signal, release } = withSource(options);
    try {
      await within(master.ensure(), { name, deadlineMs, signal });
      const marks = createMarks();
      const result = await runHere(command(marks, argv), {
        ...options,
        signal,
        stdin,
        deadlineMs: Math.max(1, end - performance.now()),
        filterStderr: marks.filter,
        onKill: () => killThere(marks),
      });
      const code = marks.code();
      if (code !== undefined) return { ...result, code };
      // Without the first mark the program may have begun all the same, unless somebody there says that it could not.
      const ended = result.code !== null && result.code !== 255 && !marks.hasBegun();
      throw ended ? noShell(name, result.code) : connectionLost(name, argv[0] ?? "");
    } catch (error) {
      if (isKnownError(error) && error.code === "SM-EXEC-DEADLINE") throw pastDeadline(name, argv[0] ?? "", deadlineMs);
      throw error;
    } finally {
      release();
    }
  }

  async function open(argv: readonly string[], { signal }: { signal?: AbortSignal } = {}): Promise<HostProcess> {
    await within(master.ensure(), { name, deadlineMs: CALL_MS, signal });
    const marks = createMarks();
    return startProcess(command(marks, argv), {
      signal,
      filterStderr: marks.filter,
      onKill: () => killThere(marks),
      ending: ({ stderr }) => ({ code: marks.code() ?? null, stderr: marks.hasBegun() ? stderr : marks.before() }),
    });
  }

  /** A program that has not begun yet may still do so, so this waits for its mark first. */
  function killThere(marks: Marks): Promise<void> {
    const signal = AbortSignal.timeout(KILL_MS);
    const done = Promise.race([marks.begun, delay(KILL_MS, 0, { signal }).catch(() => 0)])
      .then(async (group) => {
        if (!group || marks.code() !== undefined) return;
        const kill = quoteForShell(["kill", "-KILL", "--", `-${group}`]);
        await runHere(sshArgv(master.target, { command: [kill] }), { deadlineMs: KILL_MS, signal });
      })
      .catch(() => {})
      .finally(() => killing.delete(done));
    killing.add(done);
    return done;
  }

  return {
    name,
    run,
    open,
    write: (path, content, options) => writeThere(run, name, path, content, options),
    forwardPort: (port, signal, address) => within(forwards.port(port, address), { name, deadlineMs: CALL_MS, signal }),
    forwardSocket: (path, signal) => within(forwards.socket(path), { name, deadlineMs: CALL_MS, signal }),
    async close() {
      await Promise.all(killing);
      await master.close();
      await forwards.close();
    },
  };
}

/** Work that several callers wait for is not ended when one of them has no time left. */
async function within<T>(
  work: Promise<T>,
  { name, deadlineMs, signal }: { name: string; deadlineMs: number; signal?: AbortSignal | undefined },
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal?.reason);
  const timer = setTimeout(() => reject(connectDeadline(name, deadlineMs)), deadlineMs);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** A source of standard input may fail while we still connect; nothing would listen to it then. */
function withSource({ signal, stdin }: HostRun): { signal: AbortSignal | undefined; release: () => void } {
  if (!stdin || typeof stdin === "string" || stdin instanceof Uint8Array) return { signal, release: () => {} };
  const failed = new AbortController();
  const fail = (error: unknown) => failed.abort(error);
  stdin.once("error", fail);
  return {
    signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
    release: () => stdin.removeListener("error", fail),
  };
}
