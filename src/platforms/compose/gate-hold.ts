import { setTimeout as delay } from "node:timers/promises";
import { ExternalError } from "../../core/errors.ts";
import type { HostProcess } from "../../exec/host.ts";
import type { Gate } from "../platform.ts";
import { HOLDING } from "./gate-script.ts";

const PING = ".";
/** What a host may need beyond the times it was given. */
const SLACK_MS = 30_000;
/** How long the end of the program is waited for; without it the host frees the gate when its time is over. */
const END_MS = 5_000;

export interface GateTimes {
  /** Without a ping for this long the host frees the gate; whole seconds. */
  ttlMs: number;
  pingMs: number;
  /** Without an answer for this long we no longer count on it; less than `ttlMs`. */
  giveUpMs: number;
  /** Longest wait for commands of the generation before. */
  waitMs: number;
}

export interface HoldOptions {
  host: string;
  times: GateTimes;
  /** Ends the attempt; what is held stays. */
  signal: AbortSignal;
  /** Why the program ended before it held the gate. */
  refusal: (end: { code: number | null; stderr: string }) => Error;
}

/** Waits until the host holds the gate for us, then pings it until `release`, or until it cannot be counted on any more. */
export async function holdGate(program: HostProcess, options: HoldOptions): Promise<Gate> {
  const { host, times, signal, refusal } = options;
  const held = Promise.withResolvers<void>();
  const lost = new AbortController();
  /** When the pings left that wait for their answer: the host's time begins when it has one, so ours is over before. */
  const sent: number[] = [];
  let released = false;
  let pinging: NodeJS.Timeout | undefined;
  let lapse = setTimeout(() => lose("it gave no answer"), times.ttlMs + times.waitMs + SLACK_MS);

  function ping(): void {
    sent.push(performance.now());
    program.write(PING);
  }

  function pong(): void {
    const since = performance.now() - (sent.shift() ?? 0);
    clearTimeout(lapse);
    lapse = setTimeout(() => lose("it gave no answer"), times.giveUpMs - since);
    held.resolve();
  }

  function rest(): void {
    clearInterval(pinging);
    clearTimeout(lapse);
  }

  function lose(why: string): void {
    rest();
    program.kill();
    const error = lostGate(host, why);
    held.reject(error);
    lost.abort(error);
  }

  async function ended(): Promise<void> {
    await Promise.race([program.exited, delay(END_MS, undefined, { ref: false })]);
  }

  program.onLine((line) => {
    if (line !== HOLDING) return pong();
    // Only an answer proves that the host's time has begun after a moment we know.
    pinging = setInterval(ping, times.pingMs);
    ping();
  });
  program.exited.then((end) => {
    held.reject(refusal(end));
    if (!released) lose("its connection ended");
  });
  const abort = () => held.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    await held.promise;
  } catch (error) {
    rest();
    program.kill();
    // It might take the gate in its last moment.
    await ended();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return {
    signal: lost.signal,
    async release() {
      released = true;
      rest();
      program.end();
      await ended();
      program.kill();
    },
  };
}

function lostGate(host: string, why: string): ExternalError {
  return new ExternalError({
    code: "SM-GATE-LOST",
    message: `${host} no longer holds the gate for us: ${why}`,
    next: "look at the status; nothing more was changed there",
    retryable: true,
  });
}
