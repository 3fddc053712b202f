import type { IncomingMessage } from "node:http";

/** Header fields as Node has them on the wire: name, value, name, value, … */
export type RawHeaders = string[];

/** Fields for one connection only, RFC 9110 §7.6.1; the two `proxy-…` ones are RFC 2616's. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "proxy-authenticate",
  "proxy-authorization",
]);
/** A `Connection` field must not be able to strip these. */
const NEVER_NOMINATED = new Set(["host", "content-length", "cookie", "authorization", "expect", "trailer"]);
const FORWARDED = new Set(["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]);
const RELEASE_HEADER = "x-stationmaster-release";

/** The fields without the hop-by-hop ones, those that `Connection` names, and those in `without` (lower case). */
export function endToEnd(raw: readonly string[], without?: ReadonlySet<string>): RawHeaders {
  const nominated = nominatedBy(raw);
  const kept: RawHeaders = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || nominated?.has(lower) || without?.has(lower)) continue;
    kept.push(name, raw[index + 1] ?? "");
  }
  return kept;
}

function nominatedBy(raw: readonly string[]): Set<string> | undefined {
  let names: Set<string> | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (raw[index]?.toLowerCase() !== "connection") continue;
    for (const part of (raw[index + 1] ?? "").split(",")) {
      const name = part.trim().toLowerCase();
      if (name === "" || NEVER_NOMINATED.has(name) || HOP_BY_HOP.has(name)) continue;
      names ??= new Set();
      names.add(name);
    }
  }
  return names;
}

/** What the target gets: end-to-end fields, the forwarded ones and the framing of the body as we send it. */
export function requestHeaders(request: IncomingMessage, path: RequestPath): RawHeaders {
  const { headers } = request;
  const kept = endToEnd(request.rawHeaders, path.authority === undefined ? FORWARDED : FORWARDED_AND_HOST);
  const host = path.authority ?? headers.host ?? `${request.socket.localAddress}:${request.socket.localPort}`;
  if (path.authority !== undefined || headers.host === undefined) kept.push("Host", host);
  const peer = request.socket.remoteAddress ?? "unknown";
  const trusted = isLoopback(peer);
  kept.push("X-Forwarded-For", headers["x-forwarded-for"] ? `${headers["x-forwarded-for"]}, ${peer}` : peer);
  kept.push("X-Forwarded-Proto", (trusted && firstOf(headers["x-forwarded-proto"])) || "http");
  kept.push("X-Forwarded-Host", (trusted && firstOf(headers["x-forwarded-host"])) || host);
  if (headers["transfer-encoding"] !== undefined) kept.push("Transfer-Encoding", "chunked");
  // Without a length Node would frame an empty POST as chunked.
  else if (headers["content-length"] === undefined && /^(POST|PUT|PATCH)$/.test(request.method ?? ""))
    kept.push("Content-Length", "0");
  return kept;
}
const FORWARDED_AND_HOST = new Set([...FORWARDED, "host"]);

const RELEASE_ONLY = new Set([RELEASE_HEADER]);
/** What the client gets; `release` replaces whatever the target claims. */
export function responseHeaders(raw: readonly string[], release: string): RawHeaders {
  const kept = endToEnd(raw, RELEASE_ONLY);
  kept.push(RELEASE_HEADER, release);
  return kept;
}

/** Framing, routing and credentials do not belong behind a body (RFC 9110 §6.5.1); an application might believe them there. */
const NOT_IN_TRAILERS = new Set([
  ...NEVER_NOMINATED,
  ...FORWARDED,
  "set-cookie",
  "content-encoding",
  "content-type",
  "content-range",
  RELEASE_HEADER,
]);

/** Trailers as `addTrailers` wants them, without those that must not be any. */
export function trailersFrom(raw: readonly string[]): [string, string][] {
  return endToEnd(raw, NOT_IN_TRAILERS).flatMap((name, index, kept): [string, string][] =>
    index % 2 === 0 ? [[name, kept[index + 1] ?? ""]] : [],
  );
}

/** Who asks, for buckets. A proxy on this machine (TLS terminator) is believed about the address. Another `key` than `cookie:NAME` is `client`. */
export function clientKey(request: IncomingMessage, key: string): string {
  const cookie = key.startsWith("cookie:") && cookieIn(request, key.slice("cookie:".length));
  if (cookie) return cookie;
  const peer = request.socket.remoteAddress ?? "";
  const told = isLoopback(peer) ? firstOf(request.headers["x-forwarded-for"])?.split(",").at(-1)?.trim() : undefined;
  return `${told || peer} ${request.headers["user-agent"] ?? ""}`;
}

export interface RequestPath {
  /** What the target is asked for: origin form or `*`. */
  path: string;
  /** From an absolute-form request line; it outranks the Host field (RFC 9112 §3.2.2). */
  authority: string | undefined;
}

/** Reads a request line's target; undefined when it is neither a path, `*`, nor an absolute http(s) URL. */
export function requestPath(target: string): RequestPath | undefined {
  // What Node's client refuses to write.
  if (/[^\x21-\xff]/.test(target)) return undefined;
  if (target.startsWith("/") || target === "*") return { path: target, authority: undefined };
  const match = /^https?:\/\/([^/?#@\s]+)(\/[^#]*|\?[^#]*)?$/i.exec(target);
  if (!match) return undefined;
  const rest = match[2] ?? "/";
  return { path: rest.startsWith("/") ? rest : `/${rest}`, authority: match[1] };
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function cookieIn(request: IncomingMessage, name: string): string | undefined {
  const pairs = request.headers.cookie?.split(";").map((pair) => pair.trim()) ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
