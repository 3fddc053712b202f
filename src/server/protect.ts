import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import { ExternalError, PolicyError, UserError } from "../core/errors.ts";
import { notJson } from "./errors.ts";
import { hostAllowed, isJson, originAllowed, tokenMatches } from "./guards.ts";

const LARGEST_BODY = 64 * 1024;
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/** While the server closes, clients on connections that are still open are told to come back. */
export function openOnly(closing: AbortSignal): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    if (!closing.aborted) return next();
    c.header("connection", "close");
    throw new ExternalError({
      code: "SM-SERVER-CLOSING",
      message: "Stationmaster is stopping",
      next: "try again when it runs",
    });
  });
}

/** Headers that keep a browser from running or framing anything but our own page. */
export function pageHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
    },
    xFrameOptions: "DENY",
    // The server speaks plain HTTP; a proxy in front of it decides about TLS.
    strictTransportSecurity: false,
  });
}

/** Refuses foreign host names, against DNS rebinding. */
export function ownHost(listening: string): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    if (hostAllowed(c.req.header("host"), listening)) return next();
    throw new PolicyError({
      code: "SM-SERVER-HOST",
      message: "the request names a host that this server does not answer for",
      next: `use http://${listening} or localhost`,
    });
  });
}

export function bearerToken(token: string): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    if (tokenMatches(c.req.header("authorization"), token)) return next();
    c.header("www-authenticate", "Bearer");
    throw new UserError({
      code: "SM-SERVER-AUTH",
      message: "the token is missing or wrong",
      next: "send it as `Authorization: Bearer TOKEN`, or set STATIONMASTER_TOKEN for the command line",
    });
  });
}

/** Changes are accepted from our own page and from programs, never from another site. */
export function ownOrigin(): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    const headers = {
      origin: c.req.header("origin"),
      fetchSite: c.req.header("sec-fetch-site"),
      host: c.req.header("host"),
    };
    if (SAFE_METHODS.includes(c.req.method) || originAllowed(headers)) return next();
    throw new PolicyError({
      code: "SM-SERVER-ORIGIN",
      message: "changes are not accepted from another site",
      next: "open the dashboard at its own address",
    });
  });
}

/** A body must be JSON: other types can be sent by any web page without being asked for. */
export function jsonBody(): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    const length = c.req.header("content-length");
    const hasBody = c.req.header("transfer-encoding") !== undefined || (length !== undefined && length !== "0");
    if (hasBody && !isJson(c.req.header("content-type"))) throw notJson();
    return next();
  });
}

/** Refuses a body of more than `largest` bytes, also one that does not say its length. */
export function smallBody(largest = LARGEST_BODY): MiddlewareHandler {
  return bodyLimit({
    maxSize: largest,
    onError: () => {
      throw new UserError({
        code: "SM-REQUEST-SIZE",
        message: `the body is larger than ${largest / 1024} KiB`,
        next: "send less",
      });
    },
  });
}
