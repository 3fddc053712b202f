import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../core/clock.ts";
import { ExternalError, toKnownError } from "../../../core/errors.ts";
import { spawnDetached } from "../../../exec/process.ts";
import { createRouterClient } from "./calls.ts";

const START_MS = 15_000;
const POLL_MS = 25;
/** Its heap is small; a small young generation keeps the resident size low at no measurable cost. */
const NODE_FLAGS = ["--max-semi-space-size=4", "--disable-sigusr1"];
const PASSED_ON = ["PATH", "HOME", "TZ", "LANG", "NODE_EXTRA_CA_CERTS"];

export interface SpawnRouterOptions {
  stateFile: string;
  socket: string;
  logFile: string;
  signal?: AbortSignal;
}

/**
 * Starts a router that outlives us and waits until it answers; one that answers already is taken. Rejects with the router's own
 * code when it gives up (`SM-ROUTER-STATE`: the state file is corrupt), else `SM-ROUTER-START`.
 */
export async function spawnRouter({
  stateFile,
  socket,
  logFile,
  signal,
}: SpawnRouterOptions): Promise<{ pid: number; adopted: boolean }> {
  const client = createRouterClient({ socket });
  const running = await client.state({ signal }).catch(() => undefined);
  if (running) return { pid: running.pid, adopted: true };

  const logStart = await sizeOf(logFile);
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const argv = [process.execPath, ...NODE_FLAGS, main, "--state", stateFile, "--socket", socket];
  const child = await spawnDetached({ argv, cwd: dirname(main), env: environment(dirname(stateFile)), logFile });
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  const end = systemClock.monotonic() + START_MS;
  while (systemClock.monotonic() < end) {
    if (ended) throw await startError(logFile, logStart);
    const state = await client.state({ signal, deadlineMs: 2_000 }).catch(() => undefined);
    if (state) return { pid: state.pid, adopted: state.pid !== child.pid };
    await systemClock.sleep(POLL_MS, signal);
  }
  throw new ExternalError({
    code: "SM-ROUTER-START",
    message: `the router did not answer within ${START_MS} ms`,
    next: `see ${logFile}`,
    retryable: true,
  });
}

/** Nothing of ours that could be a secret. With the cache Node need not load its TypeScript compiler: 30 MB less from the second start on. */
function environment(folder: string): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(folder, "node-cache"),
    ...Object.fromEntries(passed),
  };
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file, "r").catch(() => undefined);
  try {
    return (await handle?.stat())?.size ?? 0;
  } finally {
    await handle?.close();
  }
}

/** The reason as the router itself gave it in its last line. */
async function startError(logFile: string, from: number): Promise<ExternalError> {
  const line = await lastErrorLine(logFile, from).catch((cause) => toKnownError(cause).message);
  const match = /^error (SM-[A-Z-]+): (.*?)(?:; (.*))?$/.exec(line ?? "");
  if (match) return new ExternalError({ code: match[1] ?? "SM-ROUTER-START", message: match[2] ?? "", next: match[3] });
  return new ExternalError({
    code: "SM-ROUTER-START",
    message: `the router ended at once${line ? `: ${line}` : ""}`,
    next: `see ${logFile}`,
  });
}

async function lastErrorLine(logFile: string, from: number): Promise<string | undefined> {
  const handle = await open(logFile, "r");
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(Math.min(size - from, 64 * 1_024)), { position: from });
    const lines = buffer.toString("utf8").trim().split("\n");
    return lines.findLast((line) => line.startsWith("error ")) ?? lines.at(-1);
  } finally {
    await handle.close();
  }
}
