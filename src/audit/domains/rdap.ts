import { type ZodType, z } from "zod";
import { ExternalError } from "../../core/errors.ts";
import { beginningOf } from "../../notify/http.ts";
import { candidates } from "./names.ts";

const DEADLINE_MS = 5_000;
const LARGEST_ANSWER = 2 * 1024 ** 2;
/** What servers answer about a name that is none of their registered domains. */
const NOT_REGISTERED = [400, 404, 422];

/** RFC 9224: ends of names, and the servers that know about the names below them. */
const Bootstrap = z.object({ services: z.array(z.tuple([z.array(z.string()), z.array(z.url()).min(1)])) });
/** RFC 9083, 4.5. */
const Domain = z.object({ events: z.array(z.object({ eventAction: z.string(), eventDate: z.string() })).default([]) });

/** `domain`: what of the name is registered, null where its registry knows none; `endsAt` in epoch ms, null where that is not said. */
export interface DomainEnd {
  domain: string | null;
  endsAt: number | null;
}

/** Addresses of servers by the end of the names they know about. */
export type RdapServers = ReadonlyMap<string, string>;

/** The servers of a list such as that of IANA. Throws ExternalError `SM-RDAP-AWAY`. */
export async function readServers(list: string, signal: AbortSignal): Promise<RdapServers> {
  const answer = await ask(list, { accept: "application/json", schema: Bootstrap, signal });
  return new Map(
    (answer?.services ?? []).flatMap(([ends, urls]) => {
      const url = urls.find((one) => one.startsWith("https:")) ?? urls[0] ?? "";
      return ends.map((end) => [end.toLowerCase(), url] as const);
    }),
  );
}

/**
 * Asks the registry of a public name when the registration of its domain ends: of its last two labels, then of one label more, until it
 * says the end of one, so that it is told no more of the name than it takes. Each request has 5 s. Undefined where no server is listed. Throws ExternalError `SM-RDAP-AWAY`.
 */
export async function askDomainEnd(
  servers: RdapServers,
  name: string,
  signal: AbortSignal,
): Promise<DomainEnd | undefined> {
  const [end, server] = serverOf(servers, name) ?? [];
  if (end === undefined || server === undefined) return undefined;
  let known: string | null = null;
  for (const domain of candidates(name, end)) {
    const url = `${server.replace(/\/+$/, "")}/domain/${domain}`;
    const answer = await ask(url, { accept: "application/rdap+json", schema: Domain, signal });
    const said = answer?.events.find(({ eventAction }) => eventAction === "expiration")?.eventDate;
    const endsAt = Date.parse(said ?? "");
    if (!Number.isNaN(endsAt)) return { domain, endsAt };
    // Of `co.uk` no end is said: what is registered has one label more.
    const isLast = known !== null;
    if (answer) known = domain;
    if (isLast) break;
  }
  return { domain: known, endsAt: null };
}

/** That of the longest end, with that end. */
function serverOf(servers: RdapServers, name: string): readonly [string, string] | undefined {
  const labels = name.split(".");
  for (let index = 0; index < labels.length; index++) {
    const end = labels.slice(index).join(".");
    const url = servers.get(end);
    if (url !== undefined) return [end, url];
  }
  return undefined;
}

/** Undefined where the name is not known there. */
async function ask<T>(
  url: string,
  { accept, schema, signal }: { accept: string; schema: ZodType<T>; signal: AbortSignal },
): Promise<T | undefined> {
  const { host } = new URL(url);
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    const headers = { accept, "user-agent": "stationmaster" };
    const response = await fetch(url, { headers, signal: AbortSignal.any([signal, deadline]) });
    const text = await beginningOf(response, LARGEST_ANSWER);
    if (NOT_REGISTERED.includes(response.status)) return undefined;
    if (!response.ok) throw away(`${host} answered ${response.status}`);
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof ExternalError) throw cause;
    if (deadline.aborted) throw away(`${host} did not answer within ${DEADLINE_MS / 1_000} s`, cause);
    throw away(`${host} could not be asked, or answered something else`, cause);
  }
}

function away(message: string, cause?: unknown): ExternalError {
  return new ExternalError({
    ...{ code: "SM-RDAP-AWAY", message, cause, retryable: true },
    next: "see reports.rdap in the manifest; the next report asks again",
  });
}
