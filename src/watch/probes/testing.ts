import { once } from "node:events";
import { createServer as createHttp, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { afterEach } from "vitest";
import type { CheckConfig } from "../../config/checks.ts";
import { Expect } from "../../config/expect.ts";
import { systemClock } from "../../core/clock.ts";
import { createRedactor } from "../../core/redact.ts";
import type { CheckSpec } from "../types.ts";
import { runProbe } from "./run.ts";

export const openServers: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of openServers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }
});

export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  const remember = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  };
  server.on("connection", remember);
  openServers.push({ server, sockets });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

export const http = async (handle: RequestListener) => `http://127.0.0.1:${await listen(createHttp(handle))}/`;
export const raw = async (handle: (socket: Socket) => void) => `http://127.0.0.1:${await listen(createTcp(handle))}/`;

type Options = Partial<Omit<CheckConfig, "expect">> & { expect?: unknown };

export function spec(type: CheckSpec["type"], { expect: wanted, ...options }: Options, timeoutMs = 5_000): CheckSpec {
  const base = { every: 60_000, timeout: timeoutMs, critical: false };
  const parsed = wanted === undefined ? {} : { expect: type === "http" ? Expect.parse(wanted) : (wanted as never) };
  return {
    id: "test",
    environment: "local",
    service: null,
    component: "service",
    type,
    everyMs: 60_000,
    timeoutMs,
    critical: false,
    recheck: 2,
    options: { ...base, ...options, ...parsed },
    target: "",
  };
}

export const redact = createRedactor(["planted-secret"]);
export const processes = async () => ({ alive: 1, expected: 1, detail: null });
export const run = (check: CheckSpec) => runProbe(check, { clock: systemClock, redact, processes });
export const get = (url: string, options: Options = {}, timeoutMs?: number) =>
  run(spec("http", { url, ...options }, timeoutMs));
