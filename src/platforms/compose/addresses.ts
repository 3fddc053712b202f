import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Host } from "../../exec/host.ts";
import type { RoutePlace, RoutePlaces } from "../traffic.ts";
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
  const { through, host: _, ...place } = placeOf({ name: host.name, address }, listen);
  const port = through ? await host.forwardPort(listen.port, signal) : undefined;
  const listensAt = port === undefined ? place.listensAt : `${schemeOf(listen)}://127.0.0.1:${port}`;
  return { ...place, listensAt, url: publicUrl(listen) ?? listensAt };
}

/** The same without asking the host. */
function placeOf({ name, address }: { name: string; address: string }, listen: Listen): RoutePlace {
  const { domain } = listen;
  const hostName = domain === undefined ? {} : { hostName: domain };
  if (isLoopback(listen))
    return { host: name, listensAt: `${schemeOf(listen)}://127.0.0.1:${listen.port}`, ...hostName, through: true };
  // The address will do, also before DNS knows the name; and of several hosts it is this one that is asked.
  const at = address.includes(":") ? `[${address}]` : address;
  return { host: name, listensAt: `${schemeOf(listen)}://${at}${portOf(listen)}`, ...hostName };
}

/** What people are told of a service: `inside` is what its peers call. */
export function placesOf(
  hosts: readonly { name: string; address: string }[],
  { listen, route, inside }: { listen: Listen; route: string; inside: string | undefined },
): RoutePlaces {
  const places = hosts.map((host) => placeOf(host, listen));
  const internal = isInternal(listen, { route, local: hosts[0]?.name === "local" });
  const url = (internal ? inside : publicUrl(listen)) ?? places[0]?.listensAt ?? "";
  return { url, internal, hosts: places };
}

/** Whether nobody outside calls it: it has a port of ours, or one that is open on another machine's loopback only. */
export function isInternal(listen: Listen, { route, local }: { route: string; local: boolean }): boolean {
  if (!isLoopback(listen) || listen.domain !== undefined) return false;
  return !local || isDeepStrictEqual(listen, ownListen(route));
}

function publicUrl(listen: Listen): string | undefined {
  if (listen.domain === undefined) return undefined;
  return `${schemeOf(listen)}://${listen.domain}${isLoopback(listen) ? "" : portOf(listen)}`;
}

function isLoopback({ bind }: Listen): boolean {
  return bind.startsWith("127.") || bind === "::1";
}

function schemeOf({ tls }: Listen): "http" | "https" {
  return tls ? "https" : "http";
}

function portOf({ port, tls }: Listen): string {
  return port === (tls ? 443 : 80) ? "" : `:${port}`;
}
