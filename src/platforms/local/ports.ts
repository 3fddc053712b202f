import { createServer } from "node:net";
import { ExternalError } from "../../core/errors.ts";

/** Below the range the kernel hands out (32768 and up), so a port stays free between our look and the service's bind. */
const FIRST = 20_000;
const LAST = 29_999;
const TRIES = 200;

/** A loopback port that nobody listens on and that is not in `taken`. */
export async function freePort(taken: ReadonlySet<number>): Promise<number> {
  const start = FIRST + Math.floor(Math.random() * (LAST - FIRST));
  for (let i = 0; i < TRIES; i++) {
    const port = FIRST + ((start - FIRST + i * 7) % (LAST - FIRST + 1));
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new ExternalError({
    code: "SM-PORT-NONE",
    message: `no free port between ${FIRST} and ${LAST}`,
    next: "end processes that hold ports",
  });
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => done(true)));
  });
}
