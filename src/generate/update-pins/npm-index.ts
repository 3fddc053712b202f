import { tmpdir } from "node:os";
import { ExternalError } from "../../core/errors.ts";
import { run } from "../../exec/run.ts";

const DEADLINE_MS = 15_000;

/** Where npm of this machine takes packages from, without the slash at the end: mirrors and proxies are asked in its place. */
export async function npmIndex(signal: AbortSignal): Promise<string> {
  // Outside of the repository: its own settings do not decide whom this machine asks.
  const asked = run(["npm", "config", "get", "registry"], { cwd: tmpdir(), deadlineMs: DEADLINE_MS, signal });
  const { stdout } = await asked.catch((cause: unknown) => {
    signal.throwIfAborted();
    throw unknown(cause);
  });
  const address = stdout.trim().replace(/\/+$/, "");
  if (!/^https?:\/\/\S+$/.test(address)) throw unknown();
  return address;
}

function unknown(cause?: unknown): ExternalError {
  return new ExternalError({
    code: "SM-PINS-ANSWER",
    message: "npm does not say where it takes packages from",
    next: "see `npm config get registry`, then try again",
    ...(cause === undefined ? {} : { cause }),
  });
}
