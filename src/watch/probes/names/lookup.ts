import { BADNAME, CONNREFUSED, type LookupAddress, NODATA, NOTFOUND, TIMEOUT } from "node:dns";
import { Resolver, lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { networkInterfaces } from "node:os";
import { systemCode } from "../../../core/errors.ts";
import { createQueue } from "../../queue.ts";
import { completed, contentOf, readCompletion, readHosts } from "./files.ts";

interface Sources {
  hosts?: string;
  resolvConf?: string;
  /** `address:port` of DNS servers, instead of the system's. */
  servers?: readonly string[];
  /** Asked where DNS has no answer; the system's own resolver when absent. */
  system?: (name: string, family: number) => Promise<LookupAddress[]>;
  /** Those of this machine. */
  interfaces?: typeof networkInterfaces;
}

/** Versions of IP to ask for: those of the first row at once, those of the next one where the name has no address of these. */
type Versions = readonly (readonly number[])[];

/** How long one attempt waits for one server: all of them end within the time of an ordinary run. */
const ASKED = { timeout: 2_000, tries: 2 };
/** Node has four threads for files, keys and the system's resolver together: what hangs in it may hold half of them. */
const SYSTEM_AT_ONCE = 2;
/** Interfaces rarely come or go, and to list them for each name would cost as much as half a run. */
const INTERFACES_FOR_MS = 10_000;
/** This machine and nothing else, whatever DNS says of it (RFC 6761, 6.3). */
const LOOPBACK = /(?:^|\.)localhost\.?$/i;
const LOOPBACK_ADDRESSES: readonly LookupAddress[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];
/** DNS says that there is no such name, or cannot be asked here at all. */
const NOT_IN_DNS = new Set<string | undefined>([NOTFOUND, NODATA, BADNAME, CONNREFUSED]);

/**
 * Finds the addresses of names as the system does (the hosts file, then DNS with its search domains), without its resolver, which
 * holds a thread for each name that nobody answers for: a few such names would delay all others. Only for what DNS does not know
 * (names of the local network, plug-ins of the system) that one is asked, for two names at a time. Fits `net.connect`.
 */
export function createLookup({
  hosts = "/etc/hosts",
  resolvConf = "/etc/resolv.conf",
  servers,
  system = (name, family) => systemLookup(name, { family, all: true }),
  interfaces = networkInterfaces,
}: Sources = {}): LookupFunction {
  const listed = contentOf(hosts, readHosts);
  const dns = contentOf(resolvConf, (text) => ({ ...readCompletion(text), resolver: newResolver(servers) }));
  const bySystem = fewAtOnce(system);
  let reach = { until: Number.NEGATIVE_INFINITY, versions: versionsOf({}) };

  function versionsFor(family: number): Versions {
    if (family !== 0) return [[family]];
    const now = performance.now();
    if (now >= reach.until) reach = { until: now + INTERFACES_FOR_MS, versions: versionsOf(interfaces()) };
    return reach.versions;
  }

  async function find(name: string, family: number): Promise<LookupAddress[]> {
    const literal = isIP(name);
    if (literal !== 0) return [{ address: name, family: literal }];
    const ofFamily = (found: LookupAddress) => family === 0 || found.family === family;
    const inFile = listed().get(name.toLowerCase())?.filter(ofFamily) ?? [];
    if (inFile.length > 0) return inFile;
    if (LOOPBACK.test(name)) return LOOPBACK_ADDRESSES.filter(ofFamily);
    const { resolver, ...completion } = dns();
    let failure: Error | undefined;
    for (const candidate of completed(name, completion)) {
      const found = await askDns(resolver, candidate, versionsFor(family)).catch((error: Error) => {
        // A search domain whose servers fail says nothing of the others; one that nobody answers for has cost time enough.
        if (systemCode(error.cause) === TIMEOUT) throw error;
        failure ??= error;
        return [];
      });
      if (found.length > 0) return found;
    }
    if (failure) throw failure;
    return await bySystem(name, family);
  }

  return (name, options, callback) => {
    find(name, familyIn(options.family)).then(
      (found) => (options.all ? callback(null, found) : callback(null, found[0]?.address ?? "", found[0]?.family)),
      (error) => callback(error, []),
    );
  };
}

/** For all checks of this process. */
export const lookupName: LookupFunction = createLookup();

function newResolver(servers: Sources["servers"]): Resolver {
  const resolver = new Resolver(ASKED);
  if (servers) resolver.setServers(servers);
  return resolver;
}

function familyIn(wanted: number | string | undefined): number {
  return Number(String(wanted ?? 0).replace("IPv", ""));
}

/** The addresses of a name, none when there is no such name. Rejects when nobody says so. */
async function askDns(
  resolver: Resolver,
  name: string,
  [versions = [], ...further]: Versions,
): Promise<LookupAddress[]> {
  const ask = async (family: number): Promise<LookupAddress[]> => {
    const found = await (family === 6 ? resolver.resolve6(name) : resolver.resolve4(name));
    return found.map((address) => ({ address, family }));
  };
  const answers = await Promise.allSettled(versions.map(ask));
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  if (found.length > 0) return found;
  const failures = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
  for (const failure of failures) if (!NOT_IN_DNS.has(systemCode(failure))) throw unanswered(name, failure);
  const isThere = failures.some((failure) => systemCode(failure) === NODATA);
  return isThere && further.length > 0 ? await askDns(resolver, name, further) : [];
}

/** IPv6 first where this machine has an address of it that leads anywhere; what it has none of is asked for last, and only where there is nothing else. */
function versionsOf(interfaces: ReturnType<typeof networkInterfaces>): Versions {
  const own = Object.values(interfaces)
    .flatMap((found = []) => found)
    .filter(({ internal, address }) => !internal && !address.startsWith("fe80:"));
  const has = (family: string) => own.some((one) => one.family === family);
  if (!has("IPv6")) return [[4], [6]];
  return has("IPv4") ? [[6, 4]] : [[6], [4]];
}

/** The codes of DNS are partly those of sockets with another meaning: the server that refuses is not the target. */
function unanswered(name: string, reason: unknown): Error {
  const said = systemCode(reason)?.replace(/^E/, "").toLowerCase() ?? String(reason);
  const error = new Error(`DNS did not tell the address of ${name}: ${said}`, { cause: reason });
  return Object.assign(error, { code: "EAI_AGAIN" });
}

/** The same for few names at a time; who asks for a name that is being asked for gets the answer to that. */
function fewAtOnce(ask: NonNullable<Sources["system"]>): NonNullable<Sources["system"]> {
  const waiting = createQueue<() => void>();
  const asked = new Map<string, Promise<LookupAddress[]>>();
  let running = 0;
  const inTurn = async (name: string, family: number) => {
    if (running >= SYSTEM_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await ask(name, family);
    } finally {
      // The place goes to the next, or becomes free.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
  return (name, family) => {
    const key = `${family} ${name}`;
    const known = asked.get(key) ?? inTurn(name, family).finally(() => asked.delete(key));
    asked.set(key, known);
    return known;
  };
}
