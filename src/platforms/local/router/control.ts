import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import { ExternalError, toKnownError, UserError } from "../../../core/errors.ts";
import type { Router } from "./router.ts";
import { describeIssue, Route, RouteName } from "./state.ts";

const MAX_BODY_BYTES = 1_024 * 1_024;
const Cut = z.object({ target: z.string() });
const Exchange = z.object({ with: RouteName });

/** The HTTP interface over the private socket: parse, one use case, answer. `stop` is called after its answer is out. */
export function createControlServer(current: () => Router, stop: () => void): Server {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(current, stop, request, response).catch((error: unknown) => {
      const known = toKnownError(error);
      send(response, statusOf(known), { code: known.code, message: known.message, next: known.next });
    });
  });
  server.on("error", () => undefined);
  return server;
}

async function answer(
  current: () => Router,
  stop: () => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const router = current();
  const [kind, rawName, action] = (request.url ?? "").split("?", 1)[0]?.split("/").slice(1) ?? [];
  const call = `${request.method} ${kind}${rawName === undefined ? "" : "/:name"}${action === undefined ? "" : `/${action}`}`;
  const name = () => parse(RouteName, decode(rawName ?? ""));
  switch (call) {
    case "GET state":
      return send(response, 200, router.view());
    case "PUT routes/:name":
      return send(response, 200, await router.put(name(), parse(Route, await readJson(request))));
    case "DELETE routes/:name":
      await router.remove(name());
      return send(response, 200, {});
    case "POST routes/:name/cut":
      return send(response, 200, { cut: router.cut(name(), parse(Cut, await readJson(request)).target) });
    case "POST routes/:name/samples":
      return send(response, 200, router.samples(name()));
    case "POST routes/:name/exchange":
      await router.exchange(name(), parse(Exchange, await readJson(request)).with);
      return send(response, 200, {});
    case "POST stop":
      response.once("close", stop);
      return send(response, 200, { pid: process.pid });
    default:
      throw new UserError({
        code: "SM-ROUTER-CALL",
        message: `the router does not know ${request.method} ${request.url}`,
        next: "use the client of the same version",
      });
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(describeIssue(result.error));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw invalid("more than 1 MiB");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw invalid("not JSON");
  }
}

function invalid(reason: string): UserError {
  return new UserError({
    code: "SM-ROUTER-INVALID",
    message: `the router was sent something invalid (${reason})`,
    next: "correct the value",
  });
}

function statusOf(error: Error & { code: string }): number {
  if (error instanceof ExternalError && error.status !== undefined) return error.status;
  if (error.code === "SM-ROUTER-UNKNOWN" || error.code === "SM-ROUTER-CALL") return 404;
  return error instanceof UserError ? 400 : 500;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    connection: "close",
  });
  response.end(text);
}
