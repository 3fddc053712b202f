import { createHash } from "node:crypto";
import type { Host } from "../../exec/host.ts";
import type { Listen } from "./recorded.ts";

/** Below what the kernel hands out (32768 and up), above what containers get. */
const FIRST_PORT = 30_000;
const PORTS = 2_768;

/** Where a service is asked that users do not call: on loopback of each host, at a port of its own. */
export function ownListen(routeName: string): Listen {
  const number = createHash("sha256").update(routeName).digest().readUInt32BE();
  return { port: FIRST_PORT + (number % PORTS), bind: "127.0.0.1" };
}

export interface Addresses {
  /** What users call. */
  url: string;
  /** Where the route is asked from here, and the host name that is meant. */
  listensAt: string;
  hostName?: string;
}

/**
 * Where a route is on a host. It is asked from outside, as users do, unless it is open on loopback only: then through the
 * connection to the host.
 */
export async function addressesOf(
  { host, address }: { host: Host; address: string },
  listen: Listen,
  signal: AbortSignal,
): Promise<Addresses> {
  const { port, bind, tls, domain } = listen;
  const scheme = tls ? "https" : "http";
  if (bind.startsWith("127.") || bind === "::1") {
    const here = `${scheme}://127.0.0.1:${await host.forwardPort(port, signal)}`;
    return { url: domain ? `${scheme}://${domain}` : here, listensAt: here, ...(domain ? { hostName: domain } : {}) };
  }
  const suffix = port === (tls ? 443 : 80) ? "" : `:${port}`;
  const direct = `${scheme}://${address.includes(":") ? `[${address}]` : address}${suffix}`;
  if (!domain) return { url: direct, listensAt: direct };
  const url = `${scheme}://${domain}${suffix}`;
  // With TLS the name has to be the real one; else the address will do, also before DNS knows the name.
  return tls ? { url, listensAt: url } : { url, listensAt: direct, hostName: domain };
}
