import type { Server, ServerResponse } from "node:http";
import { WebSocketServer } from "ws";
import { type Route, readBody } from "./http.ts";

const TICK_MS = 1_000;
const WEBSOCKET_LIMIT = 1024 * 1024;
const GOING_AWAY = 1001;

/** `/echo`, the event stream `/events` and the WebSocket echo `/ws`. */
export interface Streams {
  routes: Route[];
  /** Ends every open stream and WebSocket; new ones end at once. */
  close(): void;
}

export function openStreams(server: Server, release: string): Streams {
  const open = new Set<ServerResponse>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: WEBSOCKET_LIMIT });
  let ticks = 0;
  const timer = setInterval(() => {
    ticks++;
    for (const response of open) response.write(`event: tick\ndata: ${JSON.stringify({ tick: ticks, release })}\n\n`);
  }, TICK_MS);

  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (new URL(request.url ?? "/", "http://api").pathname !== "/ws")
      return socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on("error", () => client.terminate());
      client.on("message", (data, binary) => client.send(data, { binary }));
    });
  });

  const routes: Route[] = [
    {
      method: "POST",
      path: "/echo",
      handle: async ({ request }) => ({
        status: 200,
        bytes: await readBody(request),
        type: request.headers["content-type"] ?? "application/octet-stream",
      }),
    },
    {
      method: "GET",
      path: "/events",
      handle: ({ response }) => {
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
        response.write(`retry: 1000\nevent: hello\ndata: ${JSON.stringify({ release })}\n\n`);
        open.add(response);
        response.on("close", () => open.delete(response));
        return "streaming";
      },
    },
  ];

  function close(): void {
    clearInterval(timer);
    for (const response of open) response.end();
    for (const client of sockets.clients) client.close(GOING_AWAY, "restarting");
  }
  return { routes, close };
}
