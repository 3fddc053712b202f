import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Backlog } from "./backlog.ts";
import type { AppEnv } from "./routes/route.ts";

/** Proxies and clients give up on silent connections; a comment in this rhythm keeps them. */
const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for so long is cut off. */
const STALLED_MS = 30_000;

interface StreamOptions<T> {
  backlog: Backlog<T>;
  /** Begins to deliver items; everything it holds must be let go when `signal` aborts. `end` finishes the stream. */
  feed(put: (item: T) => void, signal: AbortSignal, end: () => void): void;
  /** Milliseconds in which items gather before the next are sent. */
  pauseMs: number;
  /** Ends the stream from outside. */
  closing: AbortSignal;
  heartbeatMs?: number;
  stalledMs?: number;
}

/** Answers with server-sent events: what `feed` delivers goes through the backlog, at the pace the client reads. */
export function streamBacklog<T>(
  c: Context<AppEnv>,
  { backlog, feed, pauseMs, closing, heartbeatMs = HEARTBEAT_MS, stalledMs = STALLED_MS }: StreamOptions<T>,
): Response {
  const answer = streamSSE(c, async (stream) => {
    const gone = new AbortController();
    const end = () => gone.abort();
    const signal = AbortSignal.any([gone.signal, closing]);
    let wake = () => {};
    stream.onAbort(end);
    // Nobody reads the body of the answer to a HEAD request, so the stream itself never notices its end.
    c.env.outgoing.once("close", end);
    signal.addEventListener(
      "abort",
      () => {
        stream.abort();
        wake();
      },
      { once: true },
    );

    const send = async (text: string) => {
      const stalled = setTimeout(() => c.env.outgoing.destroy(), stalledMs);
      await stream.write(text);
      clearTimeout(stalled);
    };
    const put = (item: T) => {
      backlog.put(item);
      wake();
    };

    if (signal.aborted) return;
    try {
      feed(put, signal, end);
      await send(": connected\n\n");
      while (!signal.aborted) {
        const items = backlog.take();
        if (items.length > 0) {
          await send(items.map((item) => `data: ${JSON.stringify(item)}\n\n`).join(""));
          await delay(pauseMs, undefined, { signal }).catch(() => {});
          continue;
        }
        const silent = await waitForWake(heartbeatMs, (call) => {
          wake = call;
        });
        if (silent && !signal.aborted) await send(": alive\n\n");
      }
    } finally {
      end();
    }
  });
  // A connection that carried a stream is not used again: when the server closes, the stream's end is its end too.
  answer.headers.set("connection", "close");
  return answer;
}

/** Waits for the call given to `arm`, at most `ms`; answers whether the time ran out. */
function waitForWake(ms: number, arm: (call: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, true);
    arm(() => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
