import { BADNAME, CONNREFUSED, type LookupAddress, NODATA, NOTFOUND } from "node:dns";
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
}

/** How long one attempt waits for one server: all of them end within the time of an ordinary run. */
const ASKED = { timeout: 2_000, tries: 2 };
/** Node has four threads for files, keys and the system's resolver together: what hangs in it may hold half of them. */
const SYSTEM_AT_ONCE = 2;
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
}: Sources = {}): LookupFunction {
  const listed = contentOf(hosts, readHosts);
  const dns = contentOf(resolvConf, (text) => ({ ...readCompletion(text), resolver: newResolver(servers) }));
  const bySystem = fewAtOnce(system);

  async function find(name: string, family: number): Promise<LookupAddress[]> {
    const literal = isIP(name);
    if (literal !== 0) return [{ address: name, family: literal }];
    const inFile =
      listed()
        .get(name.toLowerCase())
        ?.filter((found) => family === 0 || found.family === family) ?? [];
    if (inFile.length > 0) return inFile;
    const { resolver, ...completion } = dns();
    for (const candidate of completed(name, completion)) {
      const found = await askDns(resolver, candidate, family);
      if (found.length > 0) return found;
    }
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
async function askDns(resolver: Resolver, name: string, family: number): Promise<LookupAddress[]> {
  const ask = async (version: 4 | 6): Promise<LookupAddress[]> => {
    if (family !== 0 && family !== version) return [];
    const found = await (version === 6 ? resolver.resolve6(name) : resolver.resolve4(name));
    return found.map((address) => ({ address, family: version }));
  };
  const answers = await Promise.allSettled((reachesIpv6() ? ([6, 4] as const) : ([4, 6] as const)).map(ask));
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  if (found.length > 0) return found;
  for (const answer of answers)
    if (answer.status === "rejected" && !NOT_IN_DNS.has(systemCode(answer.reason)))
      throw unanswered(name, answer.reason);
  return [];
}

/** Addresses of IPv6 come first where this machine has one that leads anywhere. */
function reachesIpv6(): boolean {
  return Object.values(networkInterfaces())
    .flat()
    .some((own) => own?.family === "IPv6" && !own.internal && !own.address.startsWith("fe80:"));
}

/** The codes of DNS are partly those of sockets with another meaning: the server that refuses is not the target. */
function unanswered(name: string, reason: unknown): Error {
  const said = systemCode(reason)?.replace(/^E/, "").toLowerCase() ?? String(reason);
  return Object.assign(new Error(`DNS did not tell the address of ${name}: ${said}`), { code: "EAI_AGAIN" });
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
