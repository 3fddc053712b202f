import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { isIPv4 } from "node:net";

/** Whether an address or name can only mean this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") return true;
  return isIPv4(name) && name.startsWith("127.");
}

/** The name in a `Host` header, without its port; undefined when it is none. */
export function hostName(header: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:/?#@\s]+)(?::\d{1,5})?$/i.exec(header ?? "");
  return match?.[1]?.toLowerCase();
}

/**
 * Whether the browser's page and this server can be the same: a foreign name that was pointed at the loopback address
 * (DNS rebinding) is refused. `listening` is the host the server was told to listen on.
 */
export function hostAllowed(header: string | undefined, listening: string): boolean {
  const name = hostName(header);
  return name !== undefined && (isLoopback(name) || name === listening.toLowerCase());
}

interface OriginHeaders {
  origin: string | undefined;
  fetchSite: string | undefined;
  host: string | undefined;
}

/** Whether a change comes from our own page or from a program, which sends neither header. */
export function originAllowed({ origin, fetchSite, host }: OriginHeaders): boolean {
  if (fetchSite !== undefined && fetchSite !== "same-origin" && fetchSite !== "none") return false;
  if (origin === undefined) return true;
  return URL.parse(origin)?.host === host?.toLowerCase();
}

/** Whether the `Authorization` header carries the token; takes the same time for every wrong one. */
export function tokenMatches(header: string | undefined, token: string): boolean {
  return isSame(/^Bearer +(\S+)\s*$/i.exec(header ?? "")?.[1] ?? "", token);
}

/** Whether a text is the secret one; takes the same time for every wrong one. */
export function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/** Whether the header `X-Hub-Signature-256` is the HMAC-SHA256 of the body as it came; takes the same time for every wrong one. */
export function signatureMatches(header: string | undefined, body: Uint8Array, secret: string): boolean {
  return isSame(header?.toLowerCase() ?? "", `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
}

/** Whether one of the signatures in `X-PagerDuty-Signature` (`v1=…`, several while a secret is changed) is that of the body as it came. */
export function pagerSignatureMatches(header: string | undefined, body: Uint8Array, secret: string): boolean {
  const expected = `v1=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return (header ?? "").split(",").some((given) => isSame(given.trim().toLowerCase(), expected));
}

/** Whether the media type is JSON: `application/json`, with or without parameters. */
export function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(?:;|$)/i.test(contentType ?? "");
}
