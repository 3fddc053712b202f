import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { WebSocketServer } from "ws";

export interface TargetOptions {
  /** Told in `x-release`. */
  release: string;
  /** Closes kept connections after that time; 0 = right behind every answer, without saying so. */
  idleMs?: number;
}

/**
 * A small application for load tests: `GET /` → `hello`, `POST /echo` → the body, `GET /events` → server-sent events every
 * 100 ms, `GET /slow?ms=N`, `GET /status/N`, WebSocket echo on `/ws`.
 */
export function createTarget({ release, idleMs = 5_000 }: TargetOptions): Server {
  const server = createServer({ keepAliveTimeout: idleMs || 60_000 }, (request, response) => {
    response.setHeader("x-release", release);
    if (idleMs === 0) response.once("finish", () => setImmediate(() => request.socket.destroy()));
    answer(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on("message", (data, isBinary) => client.send(data, { binary: isBinary }));
      client.on("error", () => client.terminate());
    }),
  );
  return server;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://target");
  const [, kind, value] = url.pathname.split("/");
  if (kind === "echo") {
    const length = request.headers["content-length"];
    response.writeHead(200, length === undefined ? {} : { "content-length": length });
    request.pipe(response);
    return;
  }
  if (kind === "events") return void sendEvents(response);
  const status = kind === "status" ? Number(value) : 200;
  const send = () => response.writeHead(status, { "content-type": "text/plain", "content-length": 5 }).end("hello");
  if (kind === "slow") setTimeout(send, Number(url.searchParams.get("ms") ?? 100));
  else send();
}

function sendEvents(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  let id = 0;
  const timer = setInterval(() => response.write(`id: ${id++}\ndata: tick\n\n`), 100);
  response.once("close", () => clearInterval(timer));
}

if (import.meta.main) {
  const [port = "0", release = "r1"] = process.argv.slice(2);
  const server = createTarget({ release });
  server.listen(Number(port), "127.0.0.1", () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
  process.on("SIGTERM", () => process.exit(0));
  // Whoever started it holds its standard input; gone, nobody wants it any more.
  process.stdin.on("end", () => process.exit(0)).resume();
}
