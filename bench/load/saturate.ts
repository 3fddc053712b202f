import { once } from "node:events";
import { connect } from "node:net";

export interface SaturateOptions {
  /** This machine where nothing is said. */
  host?: string;
  port: number;
  connections: number;
  durationMs: number;
  /** The whole request as bytes on the wire. */
  request: Buffer;
  /** An answer is complete when its last bytes are these. */
  answerEnd: Buffer;
}

export interface Saturation {
  requests: number;
  perSecond: number;
  /** Milliseconds, in order of arrival. */
  latencies: number[];
}

/**
 * Closed loop on kept connections: the next request leaves when the answer is there. Writes bytes instead of using an HTTP client,
 * so that the client costs less than what it measures. Rejects when a connection ends.
 */
export async function saturate({
  host = "127.0.0.1",
  port,
  connections,
  durationMs,
  request,
  answerEnd,
}: SaturateOptions): Promise<Saturation> {
  const latencies: number[] = [];
  const start = performance.now();
  const worker = async () => {
    const socket = connect(port, host).setNoDelay(true);
    await once(socket, "connect");
    await new Promise<void>((done, fail) => {
      let sent = performance.now();
      let tail = Buffer.alloc(0);
      const next = () => {
        sent = performance.now();
        socket.write(request);
      };
      socket.on("data", (chunk) => {
        tail = chunk.length >= answerEnd.length ? chunk : Buffer.concat([tail, chunk]).subarray(-answerEnd.length);
        if (!tail.subarray(-answerEnd.length).equals(answerEnd)) return;
        const now = performance.now();
        latencies.push(now - sent);
        if (now - start < durationMs) return next();
        socket.removeAllListeners("close");
        socket.destroy();
        done();
      });
      socket.on("error", fail);
      socket.on("close", () => fail(new Error("the connection ended")));
      next();
    });
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const elapsed = performance.now() - start;
  return { requests: latencies.length, perSecond: Math.round((latencies.length / elapsed) * 1_000), latencies };
}
