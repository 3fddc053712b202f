import { request as httpRequest } from "node:http";
import { z } from "zod";
import { ExternalError, systemCode } from "../../../core/errors.ts";
import { Sample } from "./samples.ts";
import { checkSocketPath } from "./socket.ts";
import type { RouteInput } from "./state.ts";
import { RouterView, RouteView } from "./view.ts";

const DEADLINE_MS = 10_000;
const Stopped = z.object({ pid: z.int() });
const CutAnswer = z.object({ cut: z.int() });
const Failure = z.object({ code: z.string(), message: z.string(), next: z.string().optional() });

export interface CallOptions {
  signal?: AbortSignal;
  /** Default 10 s. */
  deadlineMs?: number;
}

/** Every call rejects with an `ExternalError`: `SM-ROUTER-DOWN`, `SM-ROUTER-TIMEOUT`, `SM-ROUTER-ANSWER` or the router's own code. */
export interface RouterClient {
  state(options?: CallOptions): Promise<RouterView>;
  /** The whole wanted route; answers what is then seen. `SM-ROUTER-PORT` (409): its address is taken, nothing changed. */
  putRoute(name: string, route: RouteInput, options?: CallOptions): Promise<RouteView>;
  /** `SM-ROUTER-UNKNOWN` (404) when there is none. */
  deleteRoute(name: string, options?: CallOptions): Promise<void>;
  /** The two routes exchange their addresses at once. */
  exchange(name: string, other: string, options?: CallOptions): Promise<void>;
  /** Ends what still runs on a target; answers how many exchanges that were. */
  cut(name: string, target: string, options?: CallOptions): Promise<number>;
  /** The requests of a route that ended since the last call, at most the latest 4,096. */
  samples(name: string, options?: CallOptions): Promise<Sample[]>;
  /** Graceful; answers the pid that now ends within about 10 s. */
  stop(options?: CallOptions): Promise<number>;
}

/** Talks to the router behind a socket; makes no connection by itself. */
export function createRouterClient({ socket }: { socket: string }): RouterClient {
  checkSocketPath(socket);
  const path = (name: string) => `/routes/${encodeURIComponent(name)}`;
  return {
    state: (options) => call(socket, "GET", "/state", undefined, RouterView, options),
    putRoute: (name, route, options) => call(socket, "PUT", path(name), route, RouteView, options),
    deleteRoute: async (name, options) =>
      void (await call(socket, "DELETE", path(name), undefined, z.object({}), options)),
    exchange: async (name, other, options) =>
      void (await call(socket, "POST", `${path(name)}/exchange`, { with: other }, z.object({}), options)),
    cut: async (name, target, options) =>
      (await call(socket, "POST", `${path(name)}/cut`, { target }, CutAnswer, options)).cut,
    samples: (name, options) => call(socket, "POST", `${path(name)}/samples`, {}, z.array(Sample), options),
    stop: async (options) => (await call(socket, "POST", "/stop", {}, Stopped, options)).pid,
  };
}

async function call<T>(
  socket: string,
  method: string,
  path: string,
  body: unknown,
  schema: z.ZodType<T>,
  { signal, deadlineMs = DEADLINE_MS }: CallOptions = {},
): Promise<T> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const { status, text } = await exchange(
    socket,
    method,
    path,
    body,
    signal ? AbortSignal.any([signal, deadline]) : deadline,
  ).catch((cause) => {
    signal?.throwIfAborted();
    throw deadline.aborted ? timeoutError(socket, deadlineMs) : downError(socket, cause);
  });
  const value = parseJson(text);
  if (status < 300) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
  }
  const failure = Failure.safeParse(value);
  if (status >= 400 && failure.success) throw new ExternalError({ ...failure.data, status, retryable: status >= 500 });
  throw new ExternalError({
    code: "SM-ROUTER-ANSWER",
    message: `the router on ${socket} gave an unknown answer (status ${status})`,
    next: "restart the router",
    status,
  });
}

async function exchange(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  return await new Promise((done, fail) => {
    const payload = body === undefined ? "" : JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(payload) };
    const request = httpRequest({ socketPath, method, path, headers, agent: false, signal }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => done({ status: response.statusCode ?? 0, text }));
      response.on("error", fail);
    });
    request.on("error", fail);
    request.end(payload);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function timeoutError(socket: string, ms: number): ExternalError {
  return new ExternalError({
    code: "SM-ROUTER-TIMEOUT",
    message: `the router on ${socket} did not answer within ${ms} ms`,
    next: "see its log; restart it if it hangs",
    retryable: true,
  });
}

function downError(socket: string, cause: unknown): ExternalError {
  return new ExternalError({
    code: "SM-ROUTER-DOWN",
    message: `no router answers on ${socket} (${systemCode(cause) ?? String(cause)})`,
    next: "start the router",
    cause,
    retryable: true,
  });
}
