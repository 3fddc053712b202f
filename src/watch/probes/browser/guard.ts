import { once } from "node:events";
import { type AddressInfo, connect, createServer, isIP, type LookupFunction, type Socket } from "node:net";
import { guardedLookup, InternalAddress } from "../address.ts";

/** A way out for a browser, which leads to public addresses only. */
export interface Guard {
  /** For the browser: `socks5://127.0.0.1:…`. */
  address: string;
  /** Why the last connection to the server of a URL did not come about; undefined when all did. */
  failure(url: string): unknown;
  close(): void;
}

interface GuardOptions {
  lookup: LookupFunction;
  isPublic(address: string): boolean;
}

const [VERSION, CONNECT, NO_LOGIN] = [5, 1, 0];
const ADDRESS_BYTES: Record<number, number> = { 1: 4, 4: 16 };
const NAME = 3;
const GRANTED = Buffer.from([VERSION, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
const FAILED = Buffer.from([VERSION, 1, 0, 1, 0, 0, 0, 0, 0, 0]);

/** Opens a SOCKS5 proxy (RFC 1928) for this machine. Whatever a page asks for, and wherever it leads, goes through it. */
export async function openGuard(options: GuardOptions): Promise<Guard> {
  const sockets = new Set<Socket>();
  const failures = new Map<string, unknown>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => {}).once("close", () => sockets.delete(socket));
  };
  const serve = async (browser: Socket) => {
    const { host, port } = await readRequest(browser);
    try {
      if (isIP(host) && !options.isPublic(host)) throw new InternalAddress(host);
      const server = keep(connect({ host, port, lookup: guardedLookup(options.isPublic, options.lookup) }));
      // Also while it is not connected yet: the browser may give up, and the guard may be closed.
      browser.once("close", () => server.destroy());
      await once(server, "connect");
      browser.write(GRANTED);
      browser.pipe(server).pipe(browser);
      server.once("close", () => browser.destroy());
    } catch (error) {
      failures.set(nameIn(`http://${isIP(host) === 6 ? `[${host}]` : host}`), error);
      browser.end(FAILED);
    }
  };
  const proxy = createServer((browser) => void serve(keep(browser)).catch(() => browser.destroy()));
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    address: `socks5://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    failure: (url) => failures.get(nameIn(url)),
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** As browsers write it. */
function nameIn(url: string): string {
  return URL.parse(url)?.hostname ?? "";
}

async function readRequest(browser: Socket): Promise<{ host: string; port: number }> {
  const [, methods = 0] = await take(browser, 2);
  await take(browser, methods);
  browser.write(Buffer.from([VERSION, NO_LOGIN]));
  const [version, command, , kind = 0] = await take(browser, 4);
  if (version !== VERSION || command !== CONNECT) throw new Error("not a request for a connection");
  const host = await readHost(browser, kind);
  return { host, port: (await take(browser, 2)).readUInt16BE() };
}

async function readHost(browser: Socket, kind: number): Promise<string> {
  if (kind === NAME) return (await take(browser, (await take(browser, 1)).readUInt8())).toString("ascii");
  const bytes = await take(browser, ADDRESS_BYTES[kind] ?? 0);
  if (bytes.length === 4) return bytes.join(".");
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16)).join(":");
}

/** The next so many bytes. Rejects when the other side ends before. */
async function take(socket: Socket, bytes: number): Promise<Buffer> {
  for (;;) {
    const found: Buffer | null = bytes === 0 ? Buffer.alloc(0) : socket.read(bytes);
    if (found?.length === bytes) return found;
    if (socket.readableEnded || socket.destroyed) throw new Error("the connection was closed");
    await once(socket, "readable");
  }
}
