import { plural } from "../../../core/plural.ts";
import { isPublicAddress } from "../address.ts";
import { assertionFailure } from "../classify.ts";
import type { Failure, Phases } from "../probe.ts";
import type { CertificateEnd } from "../tls/chain.ts";
import { readBody } from "./body.ts";
import type { CookieJar } from "./cookies.ts";
import { type Exchange, exchange, type WireRequest } from "./exchange.ts";

const REDIRECTS_FOLLOWED = 3;
const MAX_BODY_BYTES = 256 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const DEFAULT_HEADERS = { accept: "*/*", "accept-encoding": "identity", "user-agent": "stationmaster" };

interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  json?: unknown;
  body?: string | undefined;
  /** A redirect that the check expects is an answer, not a way to go. */
  isAnswer(status: number): boolean;
  cookies?: CookieJar;
  /** How many are followed; 3 when absent. */
  redirects?: number | undefined;
  /** How many bytes of a body are read; 256 KiB when absent. */
  maxBody?: number | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Whether the body is longer than the `maxBody` bytes that were read. */
  truncated: boolean;
  maxBody: number;
  certificate: CertificateEnd | undefined;
  /** Whether a server of the public internet had a hand in it. */
  outside: boolean;
  /** Of all redirects together. */
  phases: Phases;
  durationMs: number;
}

type Asked = { answer: HttpAnswer } | { failure: Failure; phases: Phases | null };

interface AskContext extends Pick<Exchange, "signal" | "timeoutMs" | "clock" | "ip" | "secureContext" | "lookup"> {
  /** Replaces the rule which addresses are public. */
  isPublic?: (address: string) => boolean;
  /** The address was told by a server of the public internet: it must be a public one. */
  told?: boolean;
}

/**
 * One HTTP request with its redirects, each on a new connection. A server of the public internet cannot redirect to an internal
 * address: it would use the check to look around here. Never throws.
 */
export async function ask(
  request: HttpRequest,
  { isPublic = isPublicAddress, told = false, ...context }: AskContext,
): Promise<Asked> {
  const { redirects = REDIRECTS_FOLLOWED, maxBody = MAX_BODY_BYTES } = request;
  const started = context.clock.monotonic();
  let total: Phases | null = null;
  let allowed: Exchange["allowed"] = told ? isPublic : undefined;
  let next = firstRequest(request);
  for (let hops = 0; ; hops++) {
    if ("failure" in next) return { failure: next.failure, phases: total };
    const headers = withCookies(next, request.cookies);
    const wire = await exchange({ ...next, headers }, { ...context, maxBody, allowed });
    total = addPhases(total, wire.phases);
    if ("failure" in wire) return { failure: wire.failure, phases: total };
    if (isPublic(wire.remote)) allowed = isPublic;
    request.cookies?.store(next.url, wire.headers["set-cookie"]);
    if (!REDIRECTS.has(wire.status) || request.isAnswer(wire.status)) {
      const { text, truncated } = await readBody(wire, maxBody, context.signal);
      return {
        answer: {
          status: wire.status,
          headers: wire.headers,
          text,
          truncated,
          maxBody,
          certificate: wire.certificate,
          outside: allowed !== undefined,
          phases: total,
          durationMs: context.clock.monotonic() - started,
        },
      };
    }
    if (hops === redirects)
      return {
        failure: assertionFailure(`more than ${plural(redirects, "redirect")}, the last to ${place(next.url)}`),
        phases: total,
      };
    next = followed(next, wire.status, String(wire.headers.location ?? ""));
  }
}

function firstRequest(request: HttpRequest): WireRequest | { failure: Failure } {
  const url = URL.parse(request.url);
  if (!url || !/^https?:$/.test(url.protocol))
    return { failure: assertionFailure("the address is not an http or https URL") };
  const headers: Record<string, string> = { ...DEFAULT_HEADERS };
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  // undici refuses credentials in an address; they belong into a header.
  if (url.username)
    headers.authorization ??= `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString("base64")}`;
  url.username = "";
  url.password = "";
  if (request.json === undefined) return { method: request.method, url, headers, body: request.body };
  headers["content-type"] ??= "application/json";
  return { method: request.method, url, headers, body: JSON.stringify(request.json) };
}

/** A part of an address; one whose percent signs are no code is taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function followed(from: WireRequest, status: number, location: string): WireRequest | { failure: Failure } {
  const url = location ? URL.parse(location, from.url.href) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    return { failure: assertionFailure(`answered ${status} without a usable location`) };
  const away = url.origin !== from.url.origin;
  const keep = status === 307 || status === 308;
  if (away && keep && from.body !== undefined)
    return { failure: assertionFailure(`answered ${status} to ${place(url)}; a body is not sent to another origin`) };
  // The headers of a check often carry a key: another origin must not learn it.
  const headers = away ? { ...DEFAULT_HEADERS } : { ...from.headers };
  if (keep || from.method === "GET" || from.method === "HEAD")
    return { method: from.method, url, headers, body: from.body };
  return { method: "GET", url, headers: without(headers, "content-type"), body: undefined };
}

function withCookies({ url, headers }: WireRequest, jar: CookieJar | undefined): Record<string, string> {
  const cookie = jar?.header(url);
  if (!cookie) return headers;
  return { ...headers, cookie: headers.cookie ? `${headers.cookie}; ${cookie}` : cookie };
}

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

function addPhases(sum: Phases | null, more: Phases): Phases {
  if (!sum) return more;
  return {
    resolve: sum.resolve + more.resolve,
    connect: sum.connect + more.connect,
    tls: sum.tls + more.tls,
    processing: sum.processing + more.processing,
    transfer: sum.transfer + more.transfer,
  };
}

/** An address without what may hold a secret. */
function place(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
