import { refusal } from "./client.ts";
import { authorization } from "./session.ts";
import { backoff, createSseParser } from "./sse.ts";

export interface Follower {
  onOpen(): void;
  onData(data: string): void;
  /** The stream broke or could not be opened; another attempt follows. */
  onLost(): void;
}

/**
 * Follows a stream of server-sent events until `signal` aborts, reconnecting with growing waits.
 * Uses fetch because EventSource cannot send the Authorization header. Ends on 401: signing in starts it anew.
 */
export async function follow(path: string, follower: Follower, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    const response = await fetch(path, { headers: { accept: "text/event-stream", ...authorization() }, signal }).catch(
      () => null,
    );
    if (response?.status === 401) {
      refusal(response, null);
      return;
    }
    if (response?.ok && response.body) {
      attempt = 0;
      follower.onOpen();
      await drain(response.body, follower).catch(() => {});
    }
    if (signal.aborted) return;
    follower.onLost();
    attempt += 1;
    await wait(backoff(attempt, Math.random()), signal);
  }
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
