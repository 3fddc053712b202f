import { type ChildProcess, spawn } from "node:child_process";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { WantedRoute } from "../../../src/platforms/traffic.ts";
import { createNodeGate } from "./gate.ts";
import { type NodeRoute, openRoute } from "./route.ts";
import type { UnitOrder, UnitState } from "./wire.ts";

// One node: starts processes, routes requests to them, and does what one controller at a time says over its socket.
const MOST_LINES = 1_000;
const POLL_MS = 20;

interface Unit {
  child: ChildProcess;
  port: number | null;
  exit: UnitState["exit"];
  log: string[];
}

const units = new Map<string, Unit>();
const routes = new Map<string, NodeRoute>();
const gate = createNodeGate();

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address ? address.port : 0;
}

/** The same order again changes nothing. */
async function start({ id, argv, cwd, env, routed }: UnitOrder): Promise<{ port: number | null }> {
  const known = units.get(id);
  if (known) return { port: known.port };
  const port = routed ? await freePort() : null;
  const [program = "", ...args] = argv;
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env, ...(port === null ? {} : { PORT: String(port) }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const unit: Unit = { child, port, exit: null, log: [] };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      unit.log = [...unit.log, ...text.trimEnd().split("\n")].slice(-MOST_LINES);
    });
  const ended = (code: number | null, signal: string | null) => {
    unit.exit = { code, signal };
  };
  child.once("exit", ended).once("error", () => ended(127, null));
  units.set(id, unit);
  return { port };
}

async function stop(id: string, graceMs: number): Promise<string> {
  const unit = units.get(id);
  if (!unit || unit.exit) return "gone";
  unit.child.kill("SIGTERM");
  for (const end = Date.now() + graceMs; !unit.exit && Date.now() < end; ) await delay(POLL_MS);
  if (unit.exit) return "SIGTERM";
  unit.child.kill("SIGKILL");
  while (!unit.exit) await delay(POLL_MS);
  return "SIGKILL";
}

function stateOf({ exit, port, log }: Unit): UnitState {
  return { alive: exit === null, exit, port, log };
}

async function bodyOf(incoming: IncomingMessage): Promise<Body> {
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
  return JSON.parse(text || "{}");
}

/** What a controller may send with a request, all in one. */
type Body = UnitOrder & WantedRoute & { graceMs: number; unit: string; generation: number; holder: string };

/** By method and the first part of the path; `undefined` is a 404, a number a status. */
const ANSWERS: Record<string, (name: string, body: Body) => unknown> = {
  "POST units": (_, body) => start(body),
  "GET units": (name) => {
    const unit = units.get(name);
    return unit && stateOf(unit);
  },
  "DELETE units": async (name, { graceMs }) => ({ ended: await stop(name, graceMs) }),
  "PUT routes": async (name, wanted) => {
    const route = routes.get(name) ?? (await openRoute(name));
    routes.set(name, route);
    route.apply(wanted);
    return route.view();
  },
  "GET routes": (name) => routes.get(name)?.view(),
  "DELETE routes": (name) => {
    routes.get(name)?.close();
    return { removed: routes.delete(name) };
  },
  "POST cut": (name, { unit }) => ({ cut: routes.get(name)?.cut(unit) ?? 0 }),
  "GET samples": (name) => routes.get(name)?.samples() ?? [],
  "GET gate": () => ({ generation: gate.highest() }),
  "PUT gate": (_, { generation, holder }) => (gate.hold(generation, holder, Date.now()) ? {} : 423),
  "DELETE gate": (_, { holder }) => {
    gate.release(holder);
    return {};
  },
};

const control = createHttpServer(async (incoming, outgoing) => {
  const [, what = "", name = ""] = (incoming.url ?? "").split("/");
  const { generation } = incoming.headers;
  const body = await bodyOf(incoming);
  if (gate.refuses(typeof generation === "string" ? Number(generation) : undefined))
    return void outgoing.writeHead(409).end("the order is of another generation");
  const answer = await ANSWERS[`${incoming.method} ${what}`]?.(decodeURIComponent(name), body);
  if (answer === undefined) outgoing.writeHead(404).end();
  else if (typeof answer === "number") outgoing.writeHead(answer).end();
  else outgoing.writeHead(200).end(JSON.stringify(answer));
});
control.listen(process.argv[2], () => console.log("ready"));
process.once("SIGTERM", () => {
  for (const { child } of units.values()) child.kill("SIGKILL");
  process.exit(0);
});
