import { request } from "node:http";
import { ExternalError, PolicyError } from "../../../src/core/errors.ts";
import type { RouteView, WantedRoute } from "../../../src/platforms/traffic.ts";

/** What the controller asks an agent to start. */
export interface UnitOrder {
  id: string;
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  routed: boolean;
}

export interface UnitState {
  alive: boolean;
  exit: { code: number | null; signal: string | null } | null;
  port: number | null;
  log: string[];
}

export type AgentRoute = Pick<WantedRoute, "stable" | "candidate" | "share" | "until" | "hold"> &
  Pick<RouteView, "figures" | "listensAt">;

export interface Agent {
  name: string;
  socket: string;
}

const DEADLINE_MS = 15_000;

/** One question to an agent, as JSON; undefined where it knows of no such thing. A node that does not answer may answer later. */
export async function call<T>(
  { name, socket }: Agent,
  method: string,
  path: string,
  { body, generation, signal }: { body?: unknown; generation?: number; signal: AbortSignal },
): Promise<T | undefined> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = {
    "content-length": Buffer.byteLength(text),
    ...(generation === undefined ? {} : { generation: String(generation) }),
  };
  const ends = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  const answer = await new Promise<{ status: number; text: string }>((done, fail) => {
    const sent = request({ socketPath: socket, method, path, headers, signal: ends, agent: false }, (response) => {
      let said = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        said += chunk;
      });
      response.once("end", () => done({ status: response.statusCode ?? 0, text: said }));
      response.once("error", fail);
    });
    sent.once("error", fail);
    sent.end(text);
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new ExternalError({ code: "SM-NODE-AWAY", message: `${name} does not answer`, cause, retryable: true });
  });
  if (answer.status === 404) return undefined;
  if (answer.status === 423)
    throw new PolicyError({ code: "SM-GATE-HELD", message: `${name}: another controller works there` });
  if (answer.status !== 200)
    throw new ExternalError({ code: "SM-GATE-REFUSED", message: `${name}: ${answer.text || answer.status}` });
  return answer.text === "" ? undefined : JSON.parse(answer.text);
}
