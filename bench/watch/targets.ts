import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** What a process of targets is told; it answers each order when it is done. */
export type TargetOrder =
  | { open: number; tls?: { cert: string; key: string } }
  /** Targets `from` to `to` (without it) take connections and answer nothing, refuse, or answer again. */
  | { from: number; to: number; does: "hang" | "refuse" | "answer" }
  /** Answers with how often each target was asked so far. */
  | "asked";

const ANSWER = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
const PER_NET = 250;

/** The address of target number `index`: each has one of its own. */
export function addressOf(index: number): string {
  return `127.1.${Math.floor(index / PER_NET)}.${1 + (index % PER_NET)}`;
}

interface Target {
  server: Server;
  hangs: boolean;
  asked: number;
}

function serveTargets(): void {
  const targets: Target[] = [];
  let port = 0;

  async function open(count: number, tls?: { cert: string; key: string }): Promise<number> {
    for (let index = 0; index < count; index++) {
      const target: Target = { server: createServer(), hangs: false, asked: 0 };
      const answer = (socket: Socket) => {
        socket.on("error", () => {});
        socket.once("data", () => {
          target.asked++;
          if (!target.hangs) socket.end(ANSWER);
        });
      };
      target.server = tls ? createTlsServer(tls, answer) : createServer(answer);
      targets.push(target);
      await listen(target.server, index);
    }
    return port;
  }

  async function listen(server: Server, index: number): Promise<void> {
    server.listen({ host: addressOf(index), port, backlog: 64 });
    await once(server, "listening");
    const address = server.address();
    if (typeof address === "object" && address) port = address.port;
  }

  process.on("message", async (order: TargetOrder) => {
    if (order === "asked") return void process.send?.(targets.map(({ asked }) => asked));
    if ("open" in order) return void process.send?.(await open(order.open, order.tls));
    for (let index = order.from; index < order.to; index++) {
      const target = targets[index];
      if (!target) continue;
      target.hangs = order.does === "hang";
      if (order.does === "refuse") target.server.close();
      else if (!target.server.listening) await listen(target.server, index);
    }
    process.send?.(port);
  });
  process.on("disconnect", () => process.exit(0));
}

if (import.meta.main) serveTargets();
