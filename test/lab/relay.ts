import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import pg from "pg";

/** A way to a database that can be cut: then nothing passes any more, and neither side is told. */
export interface Relay {
  /** Address of the database by this way. */
  url: string;
  cut(): void;
  /** What was held back goes on. */
  heal(): void;
  close(): void;
}

/** Opens a way over TCP to the database of `url`. */
export async function openRelay(url: string): Promise<Relay> {
  const { host, port, user, database } = new pg.Client({ connectionString: url });
  const isSocket = host.startsWith("/");
  const ways = new Set<readonly [Socket, Socket]>();
  let isCut = false;
  const server = createServer((from) => {
    const to = isSocket ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    const pair = [from, to] as const;
    ways.add(pair);
    for (const socket of pair) socket.once("close", () => ways.delete(pair)).on("error", () => end(pair));
    if (!isCut) join(pair);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `postgres://${user}@127.0.0.1:${(server.address() as AddressInfo).port}/${database}`,
    cut: () => {
      isCut = true;
      for (const [from, to] of ways) {
        from.unpipe(to).pause();
        to.unpipe(from).pause();
      }
    },
    heal: () => {
      isCut = false;
      for (const pair of ways) join(pair);
    },
    close: () => {
      server.close();
      for (const pair of ways) end(pair);
    },
  };
}

function join([from, to]: readonly [Socket, Socket]): void {
  from.pipe(to).pipe(from);
}

function end(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.destroy();
}
