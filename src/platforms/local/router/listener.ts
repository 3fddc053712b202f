import { createServer, type Server } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ExternalError, systemCode } from "../../../core/errors.ts";
import { MAX_HEADER_BYTES } from "./connect.ts";
import { forward } from "./forward.ts";
import type { LiveRoute } from "./table.ts";
import { isWebSocket, upgrade } from "./upgrade.ts";

export interface Listener {
  host: string;
  port: number;
  /** From now on requests belong to this route; those under way end where they are. */
  serve(route: LiveRoute): void;
  /** Takes no more connections and ends the idle ones; those in use end with their answer. Resolves when none is left. */
  close(): Promise<void>;
}

export interface ListenerLimits {
  /** For the whole head of a request, from its first byte or, on a new connection, from its start. */
  headMs: number;
  /** An idle client connection is kept that long: longer than clients do, so that they close first. */
  idleMs: number;
}
const DEFAULT_LIMITS: ListenerLimits = { headMs: 15_000, idleMs: 75_000 };

/** Listens for a route. Rejects with `SM-ROUTER-PORT` (409) when the address cannot be had. */
export async function openListener(
  first: LiveRoute,
  wanted: { host: string; port: number },
  limits = DEFAULT_LIMITS,
): Promise<Listener> {
  let route = first;
  const server = createServer({
    // Strict: Node then refuses a head with both Content-Length and Transfer-Encoding, folded lines and bare line feeds.
    insecureHTTPParser: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: limits.headMs,
    requestTimeout: 0,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(limits.headMs, 5_000),
    shouldUpgradeCallback: isWebSocket,
  });
  server.on("request", (request, response) => forward(route, request, response));
  server.on("checkContinue", (request, response) => forward(route, request, response));
  server.on("upgrade", (request, socket, head) => {
    if (socket instanceof Socket) upgrade(route, request, socket, head);
  });
  server.on("clientError", refuseBytes);
  await listen(server, wanted);
  const { port } = server.address() as AddressInfo;
  return {
    host: wanted.host,
    port,
    serve: (next) => {
      route = next;
    },
    close: () => close(server),
  };
}

const LINGER_MS = 1_000;
const refused = new WeakSet<Duplex>();

/** Bytes that are no request, a head that is too large or too slow. Lingers a moment: a reset would take the answer with it. */
function refuseBytes(error: Error, socket: Duplex): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  const code = systemCode(error);
  // Nothing to answer on a broken connection, nor in the middle of an answer.
  if (!socket.writable || code === "ECONNRESET" || ("_httpMessage" in socket && socket._httpMessage))
    return void socket.destroy();
  const status =
    code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request";
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  try {
    await new Promise<void>((done, fail) => {
      server.once("error", fail);
      server.listen({ host, port, backlog: 1_024 }, () => {
        server.off("error", fail);
        server.on("error", () => undefined);
        done();
      });
    });
  } catch (cause) {
    const code = systemCode(cause) ?? String(cause);
    const reason = code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${code})`;
    throw new ExternalError({
      code: "SM-ROUTER-PORT",
      message: `the address ${host}:${port} ${reason}`,
      next: "free the port or choose another one",
      status: 409,
      cause,
    });
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  // A kept connection becomes idle only when its answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  sweep.unref();
  await closed;
  clearInterval(sweep);
}
