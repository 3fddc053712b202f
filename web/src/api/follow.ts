import { refusal } from "./client.ts";
import { authorization } from "./session.ts";
import { backoff, createSseParser } from "./sse.ts";
import { untilVisible, whileVisible } from "./visibility.ts";

export interface Follower {
  onOpen(): void;
  onData(data: string): void;
  /** The stream broke or could not be opened; another attempt follows. */
  onLost(): void;
}

/**
 * Follows a stream of server-sent events until `signal` aborts, reconnecting with growing waits.
 * Uses fetch because EventSource cannot send the Authorization header. Ends on 401: signing in starts it anew.
 * A hidden page lets go of its stream: browsers allow six connections a host, and a few open tabs would use them up.
 */
export async function follow(path: string, follower: Follower, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    await untilVisible(signal);
    const { seen, forget } = whileVisible(signal);
    const end = await connect(path, follower, seen);
    forget();
    if (end === "refused" || signal.aborted) return;
    if (end === "ended") attempt = 0;
    if (seen.aborted) continue;
    follower.onLost();
    attempt += 1;
    await wait(backoff(attempt, Math.random()), signal);
  }
}

async function connect(path: string, follower: Follower, signal: AbortSignal): Promise<"ended" | "refused" | "failed"> {
  const headers = { accept: "text/event-stream", ...authorization() };
  const response = await fetch(path, { headers, signal }).catch(() => null);
  if (response?.status === 401) {
    refusal(response, null);
    return "refused";
  }
  if (!response?.ok || !response.body) return "failed";
  follower.onOpen();
  await drain(response.body, follower).catch(() => {});
  return "ended";
}

async function drain(body: ReadableStream<Uint8Array<ArrayBuffer>>, follower: Follower): Promise<void> {
  const push = createSseParser(follower.onData);
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    push(value);
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
