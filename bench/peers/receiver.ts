import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** What a message of a monitor says. */
export interface Told {
  names: string[];
  /** Trouble begins, or begins again. */
  begins: boolean;
  /** It would wake somebody. */
  page: boolean;
}

/** Takes the messages of monitors, each at an address of its own. */
interface Receiver {
  hook(read: (body: unknown) => Told, take: (told: Told) => void): string;
  close(): void;
}

export async function openReceiver(): Promise<Receiver> {
  const hooks: ((body: unknown) => void)[] = [];
  const server = createServer(async (request, response) => {
    hooks[Number(request.url?.slice(1))]?.(await json(request));
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    hook: (read, take) => `http://127.0.0.1:${port}/${hooks.push((body) => take(read(body))) - 1}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
