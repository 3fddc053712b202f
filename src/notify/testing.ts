import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Message } from "./message.ts";

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real HTTP server that keeps what it is sent; `answer` decides how it behaves per request. */
export async function startReceiver(
  answer: (response: ServerResponse, count: number) => void = (response) => response.writeHead(204).end(),
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      answer(response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    messages: () => received.map((item) => JSON.parse(item.body) as Message),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function testMessage(
  change: { id?: string; event?: number; severity?: Message["incident"]["severity"]; kind?: Message["kind"] } = {},
): Message {
  const { id = "inc-1", event = 1, severity = "SEV1", kind = "opened" } = change;
  return {
    ...{ version: 1, kind, event, at: "2026-03-01T12:00:00.000Z", project: "shop", environment: "staging" },
    incident: {
      ...{
        id,
        key: "k",
        state: "open",
        severity,
        service: "api",
        symptom: "process gone",
        since: "2026-03-01T11:59:00.000Z",
      },
      ...{ failedChecks: ["staging/api/health"], occurrence: 1, acknowledged: false },
    },
    text: "api process gone",
    doing: "collecting evidence, then healing",
    todo: "nothing yet",
    links: [],
  };
}
