import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { MAX_HEADER_BYTES, whenConnected } from "./connect.ts";
import { dispatch, type Job, type Outcome } from "./dispatch.ts";
import { routeBucket } from "./forward.ts";
import { type RawHeaders, requestHeaders, requestPath, responseHeaders } from "./headers.ts";
import type { LiveRoute } from "./table.ts";
import { freshConnections, type Lease } from "./target.ts";

/** Only WebSocket (RFC 6455 §4.1) is tunnelled; any other upgrade, h2c above all, would carry requests past the router. */
export function isWebSocket({ method, headers }: IncomingMessage): boolean {
  const bodyless = (headers["content-length"] ?? "0") === "0" && headers["transfer-encoding"] === undefined;
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket" && bodyless;
}

/** Proxies a WebSocket handshake. Bytes of the client go to the target only once it has answered 101. */
export function upgrade(route: LiveRoute, request: IncomingMessage, client: Socket, head: Buffer): void {
  let current: Handshake | undefined;
  const job: Job = {
    bucket: routeBucket(route, request),
    probe: false,
    send(lease, _fresh, settle) {
      current = shakeHands({ request, client, head, lease, settle });
    },
    abort() {
      client.destroy();
      current?.upstream.destroy();
    },
    reject: (status, reason) =>
      endWith(client, `${status} ${status === 503 ? "Service Unavailable" : "Bad Gateway"}`, reason),
  };
  client.on("error", () => client.destroy());
  if (!isWebSocket(request) || !requestPath(request.url ?? ""))
    return void endWith(client, "400 Bad Request", "only WebSocket upgrades are understood");
  const giveUp = dispatch(route, job);
  client.once("close", () => {
    giveUp();
    // Once joined, the tunnel sees to it that last words arrive.
    if (!current?.joined) current?.upstream.destroy();
  });
}

interface Handshake {
  upstream: ClientRequest;
  joined: boolean;
}

interface Attempt {
  request: IncomingMessage;
  client: Socket;
  head: Buffer;
  lease: Lease;
  settle: (outcome: Outcome) => void;
}

function shakeHands({ request, client, head, lease, settle }: Attempt): Handshake {
  const { host, port, release } = lease.target;
  const path = requestPath(request.url ?? "") ?? { path: "/", authority: undefined };
  const headers = [...requestHeaders(request, path), "Connection", "Upgrade", "Upgrade", "websocket"];
  const upstream = httpRequest({
    host,
    port,
    method: "GET",
    path: path.path,
    headers,
    agent: freshConnections,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
  const link = whenConnected(upstream, () => undefined);
  const handshake: Handshake = { upstream, joined: false };
  let settled = false;
  const finish = (outcome: Outcome) => {
    if (settled) return;
    settled = true;
    settle(outcome);
  };

  upstream.on("upgrade", (answer: IncomingMessage, target: Duplex, first: Buffer) => {
    handshake.joined = true;
    lease.answered(101);
    lease.streaming();
    finish("done");
    client.write(
      headText(`101 ${answer.statusMessage ?? ""}`, [
        ...responseHeaders(answer.rawHeaders, release),
        "Connection",
        "Upgrade",
        "Upgrade",
        "websocket",
      ]),
      "latin1",
    );
    if (first.length > 0) client.write(first);
    if (head.length > 0) target.write(head);
    tunnel(client, target, () => lease.end());
  });
  upstream.on("response", (answer) => {
    lease.answered(answer.statusCode ?? 0);
    finish("done");
    // Not framed anew: the end of the connection is the end of the answer.
    client.write(
      headText(`${answer.statusCode} ${answer.statusMessage ?? ""}`, [
        ...responseHeaders(answer.rawHeaders, release),
        "Connection",
        "close",
      ]),
      "latin1",
    );
    answer.on("error", () => client.destroy());
    answer.pipe(client);
    client.resume();
  });
  upstream.on("error", () => conclude());
  upstream.on("close", () => {
    conclude();
    if (!handshake.joined) lease.end();
  });
  upstream.end();
  return handshake;

  function conclude(): void {
    if (settled) return;
    lease.end();
    if (client.destroyed) {
      lease.abandoned();
      return void finish("done");
    }
    if (link.connected) lease.failed();
    else lease.refused();
    finish(link.connected ? "failed" : "refused");
  }
}

const LAST_WORDS_MS = 5_000;

/** Joins both connections byte by byte. The end of one is the end of the other, after what it still had to say. */
function tunnel(client: Socket, target: Duplex, ended: () => void): void {
  for (const [from, to] of [
    [client, target],
    [target, client],
  ] as const) {
    from.on("error", () => from.destroy());
    from.once("close", () => {
      if (!from.readableEnded) return void to.destroy();
      const timer = setTimeout(() => to.destroy(), LAST_WORDS_MS);
      to.once("close", () => clearTimeout(timer));
    });
    from.pipe(to);
  }
  target.once("close", ended);
  client.setKeepAlive(true, 30_000);
}

function headText(status: string, headers: RawHeaders): string {
  let text = `HTTP/1.1 ${status}\r\n`;
  for (let index = 0; index + 1 < headers.length; index += 2) text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return `${text}\r\n`;
}

function endWith(client: Socket, status: string, reason: string): void {
  const body = `${reason}\n`;
  const headers = [
    "Content-Type",
    "text/plain; charset=utf-8",
    "Content-Length",
    String(Buffer.byteLength(body)),
    "Connection",
    "close",
  ];
  if (status.startsWith("503")) headers.push("Retry-After", "1");
  client.end(headText(status, headers) + body);
  client.resume();
}
