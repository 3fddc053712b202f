import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Message } from "../../src/notify/message.ts";

/** What is outside of the application: targets that checks ask, and a receiver of webhooks. */
export interface Outside {
  /** Address of a target; it answers 200, or what `failing` says of its name. */
  target(name: string): string;
  failing: Map<string, number>;
  /** Names of targets that answer 429 every fourth time they are asked. */
  alternating: Set<string>;
  /** Address for a webhook. */
  hook(name: string): string;
  /** What a webhook was told, in order; of one incident where it is named. */
  told(name: string, incident?: string): Message[];
  close(): void;
}

export async function openOutside(): Promise<Outside> {
  const failing = new Map<string, number>();
  const alternating = new Set<string>();
  const asked = new Map<string, number>();
  const messages: { name: string; message: Message }[] = [];
  const server = createServer(async (request, response) => {
    const name = request.url?.split("/").at(-1) ?? "";
    if (request.method === "POST") {
      messages.push({ name, message: (await json(request)) as Message });
      return response.end();
    }
    const turn = (asked.get(name) ?? 0) + 1;
    asked.set(name, turn);
    const turned = alternating.has(name) && turn % 4 === 0 ? 429 : 200;
    response.writeHead(failing.get(name) ?? turned).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    target: (name) => `${url}/target/${name}`,
    failing,
    alternating,
    hook: (name) => `${url}/hook/${name}`,
    told: (name, incident) =>
      messages.flatMap(({ name: to, message }) =>
        to === name && (incident === undefined || message.incident.id === incident) ? [message] : [],
      ),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
