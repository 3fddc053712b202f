import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Router, startRouter } from "./router.ts";
import { Route, type RouteInput } from "./state.ts";

type TargetInput = RouteInput["targets"][number];

/** A target on a port; everything else as a test mostly wants it. */
export function target(port: number, more: Partial<TargetInput> = {}): TargetInput {
  return { id: `t${port}`, host: "127.0.0.1", port, role: "stable", release: "r1", ...more };
}

/** A wanted route with these targets, on a free port. */
export function route(targets: TargetInput[], more: Partial<RouteInput> = {}): Route {
  return Route.parse({ listen: { port: 0 }, salt: "salt", share: 0, until: null, hold: null, targets, ...more });
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "router-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A router in this process with one route `web`. */
export async function routerWith(
  wanted: Route,
): Promise<{ router: Router; port: number; url: string; set(next: Route): Promise<void> }> {
  const folder = await temporaryFolder();
  const router = await startRouter({ stateFile: join(folder, "state.json"), log: () => undefined });
  onTestFinished(() => router.stop(200));
  const { listen } = await router.put("web", wanted);
  const set = async (next: Route) => void (await router.put("web", next));
  return { router, port: listen.port, url: `http://127.0.0.1:${listen.port}`, set };
}

/** A real HTTP server on a free port, ended with the test. */
export async function serve(handler: RequestListener | Server): Promise<{ port: number; server: Server }> {
  const server = typeof handler === "function" ? createServer(handler) : handler;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server };
}

/** A bare TCP server on a free port, ended with the test. */
export async function serveTcp(onSocket: (socket: Socket) => void): Promise<{ port: number; server: TcpServer }> {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Sends bytes and answers all that comes back until the other side ends the connection. */
export async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    text += chunk;
  });
  socket.on("error", () => undefined);
  socket.write(bytes, "latin1");
  await new Promise((done) => socket.once("close", done));
  return text;
}

/** Asks again until it is so; fails after 20 s. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within 20 s: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

const TARGET_PROGRAM = fileURLToPath(new URL("../../../../bench/load/target.ts", import.meta.url));

/** The load target as a process of its own, so that it can be killed. */
export async function targetProcess(release: string, port = 0): Promise<{ port: number; child: ChildProcess }> {
  const child = spawn(process.execPath, [TARGET_PROGRAM, String(port), release], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  return { port: JSON.parse(String(line)).port, child };
}
