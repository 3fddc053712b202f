import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ExternalError, systemCode, UserError } from "../core/errors.ts";

/** Streams get this long to end by themselves before their connections are cut, in milliseconds. */
const GRACE_MS = 1_000;

/** Listens on `host` and `port` (0 = any free one). Fails with `SM-PORT-TAKEN` or `SM-SERVER-ADDRESS`. */
export async function listen(handler: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 15_000 }, handler);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen({ host, port }, resolve);
  await promise.catch((error: unknown) => {
    throw listenFailure(error, host, port);
  });
  server.off("error", reject);
  return server;
}

function listenFailure(cause: unknown, host: string, port: number): Error {
  const code = systemCode(cause);
  const at = `${host}:${port}`;
  if (code === "EADDRINUSE")
    return new UserError({
      code: "SM-PORT-TAKEN",
      message: `another program listens on ${at}`,
      next: "end it, or choose another port with --port (0 takes any free one)",
      cause,
    });
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new UserError({
      code: "SM-SERVER-ADDRESS",
      message: `this machine does not let Stationmaster listen on ${at} (${code})`,
      next: "choose a port from 1024 on and an address of this machine",
      cause,
    });
  return new ExternalError({
    code: "SM-SERVER-LISTEN",
    message: `listening on ${at} failed (${code ?? "no reason given"})`,
    cause,
  });
}

/** The address for clients on this machine; an address that means all of them is replaced by the loopback one. */
export function urlOf(server: Server, host: string): { url: string; port: number } {
  const { port, family } = server.address() as AddressInfo;
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return { url: `http://${family === "IPv6" && name.includes(":") ? `[${name}]` : name}:${port}`, port };
}

/** Takes no new requests, lets running ones end, and cuts what is left after a second. */
export async function shut(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await promise;
  clearTimeout(cut);
}
