import { request as httpRequest } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const AGAIN_MS = 100;
const MESSAGE_EVERY_MS = 100;

export interface StreamCounts {
  /** Events or echoed messages that arrived. */
  events: number;
  /** Streams that ended, or could not begin, before we wanted them to. */
  cuts: number;
}

/** Listens to server-sent events until the signal aborts; begins anew after a cut. */
export async function watchEvents(url: URL, counts: StreamCounts, signal: AbortSignal): Promise<void> {
  await keepOpen(signal, counts, async (ended) => {
    const request = httpRequest(url, { agent: false, headers: { accept: "text/event-stream" }, signal });
    request.on("error", ended);
    request.on("close", ended);
    request.on("response", (response) => {
      if (response.statusCode !== 200) return void request.destroy();
      let rest = "";
      response.setEncoding("utf8");
      response.on("error", ended);
      response.on("data", (chunk: string) => {
        const parts = (rest + chunk).split("\n\n");
        rest = parts.pop() ?? "";
        counts.events += parts.length;
      });
    });
    request.end();
  });
}

/** Sends a message every 100 ms and counts the echoes until the signal aborts; a wrong echo ends the connection. */
export async function watchSocket(url: URL, counts: StreamCounts, signal: AbortSignal): Promise<void> {
  await keepOpen(signal, counts, async (ended) => {
    const socket = new WebSocket(url.href.replace(/^http/, "ws"));
    const expected: string[] = [];
    let number = 0;
    const timer = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      const text = `message ${number++}`;
      expected.push(text);
      socket.send(text);
    }, MESSAGE_EVERY_MS);
    const stop = () => socket.close();
    signal.addEventListener("abort", stop, { once: true });
    socket.addEventListener("message", ({ data }) => {
      if (data !== expected.shift()) socket.close();
      else counts.events += 1;
    });
    socket.addEventListener("error", () => socket.close());
    socket.addEventListener("close", () => {
      clearInterval(timer);
      signal.removeEventListener("abort", stop);
      ended();
    });
  });
}

async function keepOpen(
  signal: AbortSignal,
  counts: StreamCounts,
  open: (ended: () => void) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await new Promise<void>((ended, fail) => void open(ended).catch(fail));
    if (signal.aborted) return;
    counts.cuts += 1;
    await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}
