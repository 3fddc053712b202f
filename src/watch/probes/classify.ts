import { errors } from "undici";
import { systemCode } from "../../core/errors.ts";
import type { Family } from "../types.ts";
import { InternalAddress } from "./address.ts";
import type { Failure } from "./probe.ts";

/** How far a connection had come. */
export type Stage = "resolve" | "connect" | "tls" | "processing" | "transfer";

const BY_CODE: Record<string, [string, Family]> = {
  ECONNREFUSED: ["refused", "availability"],
  ECONNRESET: ["reset", "availability"],
  EPIPE: ["reset", "availability"],
  UND_ERR_SOCKET: ["reset", "availability"],
  ETIMEDOUT: ["connect-timeout", "availability"],
  EHOSTUNREACH: ["connect-timeout", "availability"],
  ENETUNREACH: ["connect-timeout", "availability"],
  EHOSTDOWN: ["connect-timeout", "availability"],
  ENOTFOUND: ["dns", "dns"],
  EAI_AGAIN: ["dns", "dns"],
  EAI_FAIL: ["dns", "dns"],
  EAI_NODATA: ["dns", "dns"],
  CERT_HAS_EXPIRED: ["tls-expired", "tls"],
};
/** Faults of this machine, not of the target: they cost the target nothing. */
const OUR_OWN = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL", "EACCES", "EPERM"]);
const NOT_HTTP = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_|UND_ERR_INVALID_|UND_ERR_NOT_SUPPORTED)/;
const TLS_CODE = /^(?:ERR_SSL|ERR_TLS|EPROTO$|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/;

/** Names an error of a socket or an HTTP exchange. `stage` decides where the code alone does not tell. */
export function classifyError(error: unknown, stage: Stage): Failure {
  const code = systemCode(error) ?? systemCode(firstOf(error)) ?? "";
  const reason = readable(error instanceof Error ? error.message || code : String(error));
  if (OUR_OWN.has(code))
    return { outcome: "unknown", class: "prober", family: "none", detail: `this machine could not ask: ${reason}` };
  if (error instanceof InternalAddress)
    return assertionFailure(`a public address redirects to an internal one: ${error.message}`);
  const known = BY_CODE[code];
  if (known) return { outcome: "fail", class: known[0], family: known[1], detail: reason };
  if (TLS_CODE.test(code)) return { outcome: "fail", class: "tls-invalid", family: "tls", detail: reason };
  if (error instanceof errors.HTTPParserError || NOT_HTTP.test(code))
    return assertionFailure(`the answer is not valid HTTP: ${reason}`);
  if (stage === "resolve") return { outcome: "fail", class: "dns", family: "dns", detail: reason };
  if (stage === "tls") return { outcome: "fail", class: "tls-invalid", family: "tls", detail: reason };
  return { outcome: "fail", class: "reset", family: "availability", detail: reason };
}

/** What the deadline means at each stage. */
export function classifyTimeout(stage: Stage, timeoutMs: number): Failure {
  const after = `within ${Math.round(timeoutMs)} ms`;
  if (stage === "resolve")
    return { outcome: "fail", class: "dns", family: "dns", detail: `the name did not resolve ${after}` };
  if (stage === "connect" || stage === "tls")
    return { outcome: "fail", class: "connect-timeout", family: "availability", detail: `no connection ${after}` };
  const what = stage === "processing" ? "no answer" : "the answer did not end";
  return { outcome: "fail", class: "read-timeout", family: "availability", detail: `${what} ${after}` };
}

/** A status nobody expected. */
export function classifyStatus(status: number, expected: string): Failure {
  const detail = `answered ${status}, expected ${expected}`;
  if (status >= 500) return { outcome: "fail", class: "http-5xx", family: "availability", detail };
  if (status === 429) return { outcome: "fail", class: "http-429", family: "capacity", detail };
  if (status >= 400) return { outcome: "fail", class: "http-4xx", family: "availability", detail };
  return assertionFailure(detail);
}

export function assertionFailure(detail: string): Failure {
  return { outcome: "fail", class: "assertion", family: "availability", detail };
}

/** OpenSSL wraps its reason: `4007…:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/…`. */
function readable(message: string): string {
  return /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1] ?? message;
}

/** Trying several addresses ends in an AggregateError; the first one speaks for all. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
}
