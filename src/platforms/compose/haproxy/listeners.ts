import { isIP } from "node:net";
import { UserError } from "../../../core/errors.ts";
import type { ProxyRoutes } from "./route.ts";

/** What is opened on one port. */
export interface Listener {
  port: number;
  /** Addresses without those that a wildcard covers already. */
  addresses: string[];
  /** Certificates (PEM); none: plain HTTP. */
  tls: string[];
}

interface Place {
  route: string;
  address: string;
  port: number;
  tls?: string;
  /** Host headers; `*` = every other. */
  hosts: string[];
}

const WILDCARDS = ["0.0.0.0", "::"];

/** One listener per port. `UserError` `SM-PROXY-TLS` when a port would have to speak both HTTP and TLS. */
export function listenersOf(routes: ProxyRoutes): Listener[] {
  const ports = Map.groupBy(placesOf(routes), ({ port }) => port);
  return [...ports]
    .sort(([a], [b]) => a - b)
    .map(([port, places]) => {
      const tls = [...new Set(places.flatMap((place) => place.tls ?? []))].sort();
      const plain = places.find((place) => place.tls === undefined);
      if (plain && tls.length > 0)
        throw new UserError({
          code: "SM-PROXY-TLS",
          message: `port ${port} is wanted with a certificate and, for ${plain.route}, without`,
          next: "give one of them another port",
        });
      return { port, addresses: opened(places.map(({ address }) => address)), tls };
    });
}

/** `::` stands for both families, as it does for most programs. */
function opened(addresses: readonly string[]): string[] {
  const all = new Set(addresses.flatMap((address) => (address === "::" ? WILDCARDS : [address])));
  const covered = (address: string) => !WILDCARDS.includes(address) && all.has(isIP(address) === 6 ? "::" : "0.0.0.0");
  return [...all].filter((address) => !covered(address)).sort();
}

/**
 * Which route a request is for: `<address asked>:<port>/<Host header>` → route, with `*` for "any". An address that is opened
 * by a wildcard is still told apart by where the request arrived, so a name meant for containers is not served outside.
 * `UserError` `SM-PROXY-CLASH` when two routes want the same.
 */
export function hostKeys(routes: ProxyRoutes): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { route, address, port, hosts } of placesOf(routes)) {
    for (const host of hosts) {
      const key = `${WILDCARDS.includes(address) ? "*" : address}:${port}/${host}`;
      const other = keys.get(key) ?? route;
      if (other !== route)
        throw new UserError({
          code: "SM-PROXY-CLASH",
          message: `${route} and ${other} both want ${host === "*" ? "all hosts" : host} on ${address}:${port}`,
          next: "give one of them another port or a domain",
        });
      keys.set(key, route);
    }
  }
  return keys;
}

function placesOf(routes: ProxyRoutes): Place[] {
  const all = Object.values(routes);
  const outside = all.flatMap(({ name, listen }) =>
    listen.map(({ bind, domain, ...rest }) => ({ route: name, address: bind, hosts: [domain ?? "*"], ...rest })),
  );
  const inside = all.flatMap(({ name, internal }) => (internal ? [{ route: name, ...internal }] : []));
  const alone = (place: Place) =>
    ![...outside, ...inside].some(
      ({ route, address, port }) => route !== place.route && address === place.address && port === place.port,
    );
  return [...outside, ...inside.map((place) => (alone(place) ? { ...place, hosts: [...place.hosts, "*"] } : place))];
}
