import { BlockList, isIP, type LookupFunction } from "node:net";
import type { IpVersion } from "../../config/network-checks.ts";

const ADDRESS = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/** A network address as `net.connect` takes it. */
export interface Address {
  host: string;
  port: number;
}

/** Reads `host:port` or `[IPv6]:port`; undefined when it is neither. */
export function parseAddress(text: string): Address | undefined {
  const match = ADDRESS.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** The `family` of `net.connect`. */
export function familyOf(ip: IpVersion | undefined): 0 | 4 | 6 {
  return ip === 4 || ip === 6 ? ip : 0;
}

/** Networks that the outside world does not reach: this machine, its link, private networks, and those that are never routed. */
const INTERNAL = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  INTERNAL.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
  ["::", 127],
  // IPv4 inside IPv6 through a translator, which could lead to any of the above.
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  INTERNAL.addSubnet(network, bits, "ipv6");

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !INTERNAL.check(address.replace(/%.*$/, ""), family === 4 ? "ipv4" : "ipv6");
}

/** A public address led to one that is not. */
export class InternalAddress extends Error {}

/** A lookup that fails when the name has an address that is not `allowed`, though it may have others too. */
export function guardedLookup(allowed: (address: string) => boolean, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = [found].flat().filter((item) => typeof item === "object");
      const internal = addresses.find(({ address }) => !allowed(address));
      if (internal) return callback(new InternalAddress(`${hostname} is ${internal.address}`), []);
      const [first] = addresses;
      return options.all ? callback(null, addresses) : callback(null, first?.address ?? "", first?.family);
    });
  };
}
