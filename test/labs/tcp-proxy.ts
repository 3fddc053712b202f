import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A bad line to a TCP service. */
export interface TcpProxy {
  port: number;
  /** From now on every piece of data is late by that much, in both directions. */
  delay(ms: number): void;
  /** Swallows all data from now on, on open and on new connections; nobody is told. */
  stall(): void;
  /** Good again. Connections that lost data while stalled are reset. */
  heal(): void;
  /** Resets all connections; new ones are taken. */
  cut(): void;
  stop(): Promise<void>;
}

/** Starts a proxy on 127.0.0.1 in front of a TCP service; it is a good line until told otherwise. */
export async function startTcpProxy(target: { address: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const lossy = new Set<Socket>();
  let delayMs = 0;
  let stalled = false;

  const carry = (from: Socket, to: Socket) => {
    let queue: Promise<unknown> = Promise.resolve();
    const inTurn = (work: () => void) => {
      const wait = delayMs > 0 ? delay(delayMs) : undefined;
      queue = Promise.all([queue, wait]).then(work);
    };
    from.on("data", (chunk) => {
      if (stalled) lossy.add(from).add(to);
      else inTurn(() => void to.write(chunk));
    });
    from.once("end", () => {
      if (!stalled) inTurn(() => void to.end());
    });
    from.on("error", () => to.destroy());
    from.once("close", () => {
      open.delete(from);
      lossy.delete(from);
      if (!stalled) inTurn(() => void to.end());
    });
    open.add(from);
  };
  const reset = (sockets: Set<Socket>) => {
    for (const socket of [...sockets]) socket.resetAndDestroy();
  };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const service = connect({ host: target.address, port: target.port, allowHalfOpen: true });
    carry(client, service);
    carry(service, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    delay: (ms) => {
      delayMs = ms;
    },
    stall: () => {
      stalled = true;
    },
    heal: () => {
      stalled = false;
      delayMs = 0;
      reset(lossy);
    },
    cut: () => reset(open),
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
