import type { ClientRequest, IncomingMessage, InformationEvent, ServerResponse } from "node:http";
import { endToEnd, responseHeaders, trailersFrom } from "./headers.ts";
import type { LiveRoute } from "./table.ts";
import type { Lease } from "./target.ts";

interface Relay {
  route: LiveRoute;
  request: IncomingMessage;
  response: ServerResponse;
  answer: IncomingMessage;
  upstream: ClientRequest;
  lease: Lease;
  /** False: the client waits for a 100 Continue that never came, and may or may not send its body now. */
  askedForBody: boolean;
}

/** Passes the target's answer on as it comes; the client's pace is the target's. */
export function relayAnswer(relay: Relay): void {
  const { request, response, answer, upstream, lease } = relay;
  answer.on("error", () => undefined);
  answer.on("close", () => {
    if (answer.complete || response.destroyed) return;
    lease.broken();
    // The client must see that the answer is not whole.
    response.destroy();
  });
  if (!writeHead(relay)) return void upstream.destroy();
  if (answer.headers["content-type"]?.startsWith("text/event-stream")) lease.streaming();

  answer.on("data", (chunk: Buffer) => {
    if (!response.write(chunk)) answer.pause();
  });
  response.on("drain", () => answer.resume());
  answer.on("end", () => {
    if (!answer.complete) return;
    if (answer.rawTrailers.length > 0) response.addTrailers(trailersFrom(answer.rawTrailers));
    response.end();
    // The target may answer before it has read all; what is left of the body is read and dropped.
    if (!request.complete) discardRest(request, upstream);
  });
  // One write for head and body when both are here; the head alone when the body takes its time.
  setImmediate(() => {
    if (!response.destroyed && !response.writableEnded) response.flushHeaders();
  });
}

/** False when the target's head is not fit to be sent; the client then gets 502. */
function writeHead({ route, response, answer, lease, askedForBody }: Relay): boolean {
  const headers = responseHeaders(answer.rawHeaders, lease.target.release);
  if (route.closed || !askedForBody) headers.push("Connection", "close");
  try {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? "", headers);
    return true;
  } catch {
    response.writeHead(502, ["Content-Length", "0"]);
    response.end();
    return false;
  }
}

function discardRest(request: IncomingMessage, upstream: ClientRequest): void {
  request.unpipe(upstream);
  request.resume();
  upstream.destroy();
}

/** Passes on 102, 103 and their like, and 100 to a client that waits for it; clients of HTTP/1.0 know none, and some choke on an unasked 100. */
export function relayInterim(
  { statusCode, rawHeaders }: InformationEvent,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (response.headersSent || response.destroyed || request.httpVersion === "1.0") return;
  if (statusCode === 100 && request.headers.expect === undefined) return;
  response.writeInformation(statusCode, endToEnd(rawHeaders));
}
