import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { bucketOf } from "./choice.ts";
import { MAX_HEADER_BYTES, whenConnected } from "./connect.ts";
import { dispatch, type Job, type Outcome } from "./dispatch.ts";
import { clientKey, type RequestPath, requestHeaders, requestPath, trailersFrom } from "./headers.ts";
import { relayAnswer, relayInterim } from "./relay.ts";
import type { LiveRoute } from "./table.ts";
import { freshConnections, type Lease } from "./target.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/*
 * No request is lost to a kept connection that the application closes just as we send.
 * That race cannot be seen from here: the FIN may be on its way while we write, and then the answer is a reset without a word
 * about whether the request was processed. No age of a connection is proven safe either, since an application may close at any
 * moment. So:
 * - Safe requests without a body (GET, HEAD, OPTIONS) use kept connections. When not one byte came back they are sent once
 *   more on a fresh one, possibly to another target (RFC 9110 §9.2.2 allows a proxy that for safe methods).
 * - All others get a connection of their own, closed afterwards: nothing can have gone stale in it. Only a connection that was
 *   never made is tried again; nothing of the body has been read from the client then.
 */

/** Proxies one request of a client. */
export function forward(route: LiveRoute, request: IncomingMessage, response: ServerResponse): void {
  const path = requestPath(request.url ?? "");
  if (!path) return void answerOwn(request, response, 400, "the request target is not understood");
  const coding = request.headers["transfer-encoding"];
  if (coding !== undefined && coding.toLowerCase() !== "chunked")
    return void answerOwn(request, response, 501, "only the transfer coding chunked is understood");

  let current: { upstream: ClientRequest; lease: Lease } | undefined;
  const job: Job = {
    bucket: routeBucket(route, request),
    probe: request.headers["user-agent"] === "stationmaster",
    send(lease, fresh, settle) {
      const upstream = open({ path, request, lease, fresh });
      current = { upstream, lease };
      follow({ route, request, response, upstream, lease, settle });
    },
    abort() {
      response.destroy();
      current?.upstream.destroy();
    },
    reject: (status, reason) => answerOwn(request, response, status, reason),
  };
  const giveUp = dispatch(route, job);
  response.once("close", () => {
    if (response.writableFinished) return;
    giveUp();
    current?.upstream.destroy();
  });
}

/** Where the client stands; with key `random` every request is a new client. */
export function routeBucket(route: LiveRoute, request: IncomingMessage): number {
  const { key, salt } = route.wanted;
  return key === "random" ? Math.random() * 100 : bucketOf(clientKey(request, key), salt);
}

function open({
  path,
  request,
  lease,
  fresh,
}: {
  path: RequestPath;
  request: IncomingMessage;
  lease: Lease;
  fresh: boolean;
}): ClientRequest {
  const { host, port, pool } = lease.target;
  return httpRequest({
    host,
    port,
    method: request.method,
    path: path.path,
    headers: requestHeaders(request, path),
    agent: !fresh && mayRepeat(request) ? pool : freshConnections,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
}

interface Attempt {
  route: LiveRoute;
  request: IncomingMessage;
  response: ServerResponse;
  upstream: ClientRequest;
  lease: Lease;
  settle: (outcome: Outcome) => void;
}

/** Sends the request over `upstream` and reports how that ends. */
function follow({ route, request, response, upstream, lease, settle }: Attempt): void {
  let settled = false;
  const finish = (outcome: Outcome) => {
    if (settled) return;
    settled = true;
    settle(outcome);
  };
  const link = whenConnected(upstream, () => sendBody(request, upstream));

  let askedForBody = request.headers.expect === undefined;
  upstream.on("information", (information) => {
    if (information.statusCode === 100) askedForBody = true;
    relayInterim(information, request, response);
  });
  upstream.on("response", (answer) => {
    if (settled) return void answer.destroy();
    finish("done");
    lease.answered(answer.statusCode ?? 0);
    relayAnswer({ route, request, response, answer, upstream, lease, askedForBody });
  });
  upstream.on("error", () => conclude());
  upstream.on("close", () => {
    conclude();
    lease.end();
  });

  function conclude(): void {
    if (settled) return;
    request.unpipe(upstream);
    // Before the next attempt is counted: this one no longer weighs on its target.
    lease.end();
    if (response.destroyed) {
      lease.abandoned();
      return void finish("done");
    }
    if (!link.connected) {
      lease.refused();
      return void finish("refused");
    }
    lease.failed();
    finish(link.silent() && mayRepeat(request) ? "lost" : "failed");
  }
}

function sendBody(request: IncomingMessage, upstream: ClientRequest): void {
  if (!hasBody(request)) return void upstream.end();
  request.once("end", () => {
    if (request.rawTrailers.length > 0 && request.headers["transfer-encoding"] !== undefined)
      upstream.addTrailers(trailersFrom(request.rawTrailers));
  });
  request.pipe(upstream);
  // A client that waits for 100 Continue, or for anything else before it sends its body, needs its head to be sent now.
  setImmediate(() => {
    if (!upstream.destroyed && !upstream.writableEnded) upstream.flushHeaders();
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers["transfer-encoding"] !== undefined ||
    (headers["content-length"] !== undefined && headers["content-length"] !== "0")
  );
}

function mayRepeat(request: IncomingMessage): boolean {
  return SAFE.has(request.method ?? "") && !hasBody(request);
}

/** An answer of the router itself, as text. The connection ends when a body may still be on its way. */
function answerOwn(request: IncomingMessage, response: ServerResponse, status: number, reason: string): void {
  if (response.destroyed) return;
  if (response.headersSent) return void response.destroy();
  const body = `${reason}\n`;
  const headers = [
    "Content-Type",
    "text/plain; charset=utf-8",
    "Content-Length",
    String(Buffer.byteLength(body)),
    "Cache-Control",
    "no-store",
  ];
  if (status === 503) headers.push("Retry-After", "1");
  if (hasBody(request)) headers.push("Connection", "close");
  response.writeHead(status, headers);
  response.end(body);
  request.resume();
}
