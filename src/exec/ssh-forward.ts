import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { ExternalError } from "../core/errors.ts";
import type { Master } from "./ssh-master.ts";

const TRIES = 3;

/** A way to the host: `to` there, `at` here, over the connection that `ensure` named. */
interface Forward {
  connection: string;
  at: string;
}

interface Kind {
  /** A place of ours to listen at. */
  choose(): Promise<string> | string;
  /** The argument of `-L`. */
  flag(at: string): string;
  /** Makes a place that was used before free again. */
  free?(at: string): Promise<void>;
}

export interface Forwards {
  port(port: number, address?: string): Promise<number>;
  socket(path: string): Promise<string>;
  close(): Promise<void>;
}

/** Keeps one way for each port and socket, and lays it anew, at the same place if it is free, when the connection is another. */
export function createForwards(master: Master): Forwards {
  const ways = new Map<string, Promise<Forward | undefined>>();
  const sockets = new Set<string>();

  async function lay(to: string, kind: Kind): Promise<string> {
    const before = ways.get(to) ?? Promise.resolve(undefined);
    const now = before.catch(() => undefined).then((known) => renew(to, kind, known));
    ways.set(to, now);
    return (await now).at;
  }

  async function renew(to: string, kind: Kind, known: Forward | undefined): Promise<Forward> {
    const connection = await master.ensure();
    if (known?.connection === connection) return known;
    let said = "";
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const at = (attempt === 0 && known?.at) || (await kind.choose());
      await kind.free?.(at);
      const answer = await master.control("forward", "-L", kind.flag(at));
      if (answer.ok) return { connection, at };
      said = answer.said;
    }
    throw new ExternalError({
      code: "SM-SSH-FORWARD",
      message: `${master.target.name}: no way to ${to} there: ${said}`,
      next: "check that the server allows forwarding (AllowTcpForwarding, AllowStreamLocalForwarding)",
      retryable: true,
    });
  }

  return {
    async port(port, address = "127.0.0.1") {
      const flag = (at: string) => `127.0.0.1:${at}:${address}:${port}`;
      const to = address === "127.0.0.1" ? `port ${port}` : `${address}:${port}`;
      return Number(await lay(to, { choose: freePort, flag }));
    },
    async socket(path) {
      const choose = () => {
        const at = master.socketPath();
        sockets.add(at);
        return at;
      };
      return await lay(path, { choose, flag: (at) => `${at}:${path}`, free: (at) => rm(at, { force: true }) });
    },
    async close() {
      for (const path of sockets) await rm(path, { force: true });
    },
  };
}

function freePort(): Promise<string> {
  return new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const bound = server.address();
      server.close(() => done(String(typeof bound === "object" && bound ? bound.port : 0)));
    });
  });
}
