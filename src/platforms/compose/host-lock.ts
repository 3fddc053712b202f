import { ExternalError } from "../../core/errors.ts";
import { clip, printable } from "../../core/text.ts";
import type { Host, HostProcess } from "../../exec/host.ts";
import { connectionError } from "../../exec/ssh-errors.ts";

const WAIT_S = 60;
/** Of somebody who is stopped or cut off; what is done under the lock takes seconds. */
const LONGEST_S = 60;
/** For the program to end once its input has. */
const END_MS = 5_000;
/**
 * `$1` file, `$2` s to wait, `$3` s to keep. Says that the lock is had, and keeps it until standard input ends: also when we die.
 * The file is never replaced: a lock on one without a name would exclude nobody.
 */
const SCRIPT = `mkdir -p -- "$(dirname -- "$1")" || exit 1
exec flock -w "$2" "$1" timeout "$3" sh -c 'echo locked; cat >/dev/null'`;

export interface HostLock {
  host: string;
  file: string;
  /** Starts a program on the host. */
  open: Host["open"];
  /** What a program that ended without the lock means, where it is not the lock. */
  refusal?(end: Awaited<HostProcess["exited"]>): Error | undefined;
}

/**
 * Works while nobody else does on this host under this lock: environments share a proxy, and each writes all of its routes. At
 * most 60 s of waiting, then `ExternalError` `SM-HOST-LOCK`. The work's signal aborts with ours and when the lock is lost.
 */
export async function exclusively<T>(
  { host, file, open, refusal }: HostLock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const child = await open(["sh", "-c", SCRIPT, "sh", file, String(WAIT_S), String(LONGEST_S)], { signal });
  const lost = new AbortController();
  let had = false;
  const ended = child.exited.then((end) => {
    const error = refusal?.(end) ?? (had ? lostLock(host, file) : notHad(host, file, end));
    lost.abort(error);
    return error;
  });
  try {
    await new Promise<void>((done, fail) => {
      child.onLine((line) => {
        if (line !== "locked") return;
        had = true;
        done();
      });
      ended.then(fail);
    });
    return await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    // What is killed on an abort has ended for no reason of its own.
    signal.throwIfAborted();
    throw error;
  } finally {
    child.end();
    const timer = setTimeout(() => child.kill(), END_MS);
    await ended;
    clearTimeout(timer);
  }
}

function lostLock(host: string, file: string): ExternalError {
  return new ExternalError({
    code: "SM-HOST-LOCK",
    message: `${host}: the lock ${file} was lost while we worked under it`,
    next: `check the connection to ${host}`,
    retryable: true,
  });
}

function notHad(host: string, file: string, { code, stderr }: { code: number | null; stderr: string }): ExternalError {
  // Nobody there told how it ended.
  if (code === null) return connectionError(host, stderr);
  const said = clip(printable(stderr).trim(), 200);
  return new ExternalError({
    code: "SM-HOST-LOCK",
    message: `${host}: ${said || `the lock ${file} was not free within ${WAIT_S} s (code ${code})`}`,
    next: "see whether another deployment works on that host",
    retryable: true,
  });
}
