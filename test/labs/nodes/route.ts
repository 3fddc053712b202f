import { createServer, type IncomingMessage, type RequestOptions, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { crc32 } from "node:zlib";
import type { Member, MemberFigures, RequestSample, WantedRoute } from "../../../src/platforms/traffic.ts";
import type { AgentRoute } from "./wire.ts";

const MOST_SAMPLES = 10_000;

/** The requests of one service on one node. */
export interface NodeRoute {
  apply(wanted: WantedRoute): void;
  view(): AgentRoute;
  samples(): RequestSample[];
  /** Ends what runs on a unit; answers how many connections that were. */
  cut(unit: string): number;
  close(): void;
}

interface Carried {
  sockets: Set<Socket>;
  figures: MemberFigures;
}

/** Listens on loopback; requests get the release that the client's bucket says, until the grant ends. */
export async function openRoute(salt: string): Promise<NodeRoute> {
  let wanted: WantedRoute = { stable: [], candidate: [], share: 0, until: null, hold: null };
  let changed = Promise.withResolvers<void>();
  let seen: RequestSample[] = [];
  const carried = new Map<string, Carried>();

  const carriedBy = (unit: string): Carried => {
    const figures = { inflight: 0, streams: 0, requests: 0, errors: 0 };
    const found = carried.get(unit) ?? { sockets: new Set<Socket>(), figures };
    carried.set(unit, found);
    return found;
  };
  const share = () => (wanted.until === null || wanted.until > Date.now() ? wanted.share : 0);

  async function held(): Promise<void> {
    for (;;) {
      const left = (wanted.hold ?? 0) - Date.now();
      if (left <= 0) return;
      let timer: NodeJS.Timeout | undefined;
      const over = new Promise<void>((done) => {
        timer = setTimeout(done, left);
      });
      await Promise.race([over, changed.promise]);
      clearTimeout(timer);
    }
  }

  /** A connection to a unit that takes it; one that refuses has got nothing of the request. */
  async function reach({ socket, headers }: IncomingMessage): Promise<{ member: Member; to: Socket } | undefined> {
    const bucket = crc32(`${socket.remoteAddress} ${headers["user-agent"]} ${salt}`) % 100;
    const granted = share();
    const [first, second] = bucket < granted ? (["candidate", "stable"] as const) : (["stable", "candidate"] as const);
    const sides = granted > 0 ? [first, second] : (["stable"] as const);
    const open = sides.flatMap((side) =>
      wanted[side].filter(({ drain, weight }) => !drain && weight > 0).toSorted(fewest),
    );
    for (const member of open) {
      const to = await connected(member.port);
      if (to) return { member, to };
    }
    return undefined;
  }
  const fewest = (a: Member, b: Member) => carriedBy(a.id).figures.inflight - carriedBy(b.id).figures.inflight;

  function carry({ member, to }: { member: Member; to: Socket }, stream: boolean): () => void {
    const { sockets, figures } = carriedBy(member.id);
    sockets.add(to);
    figures.inflight += 1;
    if (stream) figures.streams += 1;
    to.once("close", () => {
      sockets.delete(to);
      figures.inflight -= 1;
      if (stream) figures.streams -= 1;
    });
    return () => {
      figures.streams += stream ? 0 : 1;
      to.once("close", () => {
        figures.streams -= 1;
      });
    };
  }

  // As long as proxies keep them: with Node's own 5 s a client may send just as its connection is ended.
  const server: Server = createServer({ keepAliveTimeout: 75_000 }, async (incoming, outgoing) => {
    const began = performance.now();
    await held();
    const reached = await reach(incoming);
    if (!reached) return void outgoing.writeHead(503).end("no unit");
    const { member, to } = reached;
    const isStream = carry(reached, false);
    const done = (status: number) => {
      const { figures } = carriedBy(member.id);
      figures.requests += 1;
      if (status >= 500) figures.errors += 1;
      seen = [...seen.slice(-MOST_SAMPLES), { unit: member.id, status, ms: performance.now() - began }];
    };
    const options: RequestOptions = {
      createConnection: () => to,
      method: incoming.method ?? "GET",
      path: incoming.url ?? "/",
      headers: { ...incoming.headers, connection: "close" },
    };
    const forwarded = request(options, (answer) => {
      const { connection: _, "keep-alive": __, ...headers } = answer.headers;
      if (String(headers["content-type"]).startsWith("text/event-stream")) isStream();
      else done(answer.statusCode ?? 0);
      outgoing.writeHead(answer.statusCode ?? 502, { ...headers, "x-stationmaster-release": member.release });
      answer.pipe(outgoing);
      answer.once("error", () => outgoing.destroy());
    });
    forwarded.once("error", () => {
      done(502);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    outgoing.once("close", () => to.destroy());
    incoming.pipe(forwarded);
  });
  server.on("upgrade", async (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    await held();
    const reached = await reach(incoming);
    if (!reached) return void client.destroy();
    const { to } = reached;
    carry(reached, true);
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let i = 0; i < incoming.rawHeaders.length; i += 2)
      lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`);
    to.write(`${lines.join("\r\n")}\r\n\r\n`);
    to.write(head);
    client.pipe(to).pipe(client);
    for (const [one, other] of [
      [client, to],
      [to, client],
    ] as const)
      one.once("error", () => other.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const listensAt = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    apply(next) {
      wanted = next;
      changed.resolve();
      changed = Promise.withResolvers();
    },
    view: () => ({
      ...wanted,
      share: share(),
      listensAt,
      figures: Object.fromEntries([...carried].map(([unit, { figures }]) => [unit, figures])),
    }),
    samples() {
      const taken = seen;
      seen = [];
      return taken;
    },
    cut(unit) {
      const sockets = [...carriedBy(unit).sockets];
      for (const socket of sockets) socket.destroy();
      return sockets.length;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function connected(port: number): Promise<Socket | undefined> {
  return await new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(socket));
    socket.once("error", () => done(undefined));
  });
}
