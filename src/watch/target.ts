import { isIP } from "node:net";
import { stepRequest } from "../config/checks.ts";
import { type Address, parseAddress } from "./probes/address.ts";
import type { CheckSpec } from "./types.ts";

const PORTS: Record<string, number> = {
  "http:": 80,
  "https:": 443,
  "postgres:": 5432,
  "postgresql:": 5432,
  "redis:": 6379,
  "rediss:": 6379,
};

/** Whom a check asks over the network, port 0 where it asks none; null for processes, jobs, and what is not known before the run. */
export function targetOf({ options }: Pick<CheckSpec, "options">): Address | null {
  const { url, tcp, tls, dns, resolver, ping, postgres, redis, browser, steps = [] } = options;
  const named = ping ?? (dns === undefined ? undefined : (resolver ?? dns));
  if (named !== undefined) return { host: parseAddress(named)?.host ?? named, port: 0 };
  const [first] = steps;
  const asked = [url, tcp, tls, postgres, redis, browser, first && stepRequest(first).url];
  const text = asked.find((value) => typeof value === "string");
  if (text === undefined) return null;
  return parseAddress(text) ?? fromUrl(URL.parse(text));
}

function fromUrl(url: URL | null): Address | null {
  const port = Number(url?.port) || PORTS[url?.protocol ?? ""];
  return url && url.hostname !== "" && port !== undefined ? { host: url.hostname.replace(/^\[|\]$/g, ""), port } : null;
}

/** Between this machine and itself no network can be lost. */
export function isHere({ host }: Address): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
