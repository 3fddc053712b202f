import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: ReturnType<typeof JSON.parse>;
}
interface Answer {
  status: number;
  body?: unknown;
  /** Instead of `body`, as it is. */
  text?: string;
  headers?: Record<string, string>;
}
type Fault = Answer | "hang" | "reset";

/** A service on a real port, as `answer` plays it. Each of `faults` takes the place of one answer; what it is asked is checked before. */
export async function startDouble(answer: (asked: Asked) => Answer) {
  const asked: Asked[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://127.0.0.1");
      const text = Buffer.concat(parts).toString();
      const method = request.method ?? "";
      const one: Asked = { method, path, query, headers: request.headers, body: text === "" ? null : JSON.parse(text) };
      asked.push(one);
      const fault = faults.shift();
      if (fault === "hang") return;
      if (fault === "reset") return void request.socket.resetAndDestroy();
      const { status, body = {}, text: said, headers = {} } = fault ?? answer(one);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(said ?? JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    asked,
    faults,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Double = Awaited<ReturnType<typeof startDouble>>;
