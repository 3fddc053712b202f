import { getRequestListener } from "@hono/node-server";
import { type Logger, pino } from "pino";
import type { Registry } from "prom-client";
import { Bug, toKnownError, UserError } from "../core/errors.ts";
import { createRedactor } from "../core/redact.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { createApp } from "./app.ts";
import { apiErrorOf } from "./errors.ts";
import { isLoopback } from "./guards.ts";
import { listen, shut, urlOf } from "./listen.ts";

interface ServerOptions {
  usecases: UseCases;
  host?: string;
  /** 0 takes any free one. */
  port: number;
  /** When set, the API and the metrics need it as bearer token. */
  token?: string;
  /** The folder of the built dashboard. */
  webRoot?: string;
  version: string;
  /** Metrics kept elsewhere, shown on /metrics beside those of the server. */
  extraMetrics?: Registry;
  log?: Logger;
}

export interface RunningServer {
  url: string;
  port: number;
  /** Ends streams and connections; at most two seconds. */
  close(): Promise<void>;
}

/** Throws what `startServer` would throw for this address, without serving anything: `up` asks before it makes a database. */
export async function checkAddress({
  host = "127.0.0.1",
  port,
  token,
}: Pick<ServerOptions, "host" | "port" | "token">): Promise<void> {
  requireToken(host, token);
  await shut(await listen(() => {}, host, port));
}

/**
 * Serves the API, the metrics and the dashboard. Throws `UserError`s: `SM-SERVER-TOKEN` for an address beyond this
 * machine without a token, `SM-PORT-TAKEN`, `SM-SERVER-ADDRESS`.
 */
export async function startServer({
  host = "127.0.0.1",
  port,
  log = ownLog(),
  ...given
}: ServerOptions): Promise<RunningServer> {
  const token = given.token || undefined;
  requireToken(host, token);
  const closing = new AbortController();
  const app = createApp({ ...given, host, token, log, closing: closing.signal });
  const server = await listen(getRequestListener(app.fetch, { errorHandler: () => unreadable() }), host, port);
  server.on("error", (error) => log.error({ err: error }, "the server failed"));
  let closed: Promise<void> | undefined;
  return {
    ...urlOf(server, host),
    close: () => {
      closing.abort();
      closed ??= shut(server);
      return closed;
    },
  };
}

function requireToken(host: string, token: string | undefined): void {
  if (token || isLoopback(host)) return;
  throw new UserError({
    code: "SM-SERVER-TOKEN",
    message: `${host} can be reached from other machines, and no token is set`,
    next: "set STATIONMASTER_TOKEN, or listen on 127.0.0.1",
  });
}

/** The answer to a request whose address or headers make no sense. */
function unreadable(): Response {
  const error = new UserError({
    code: "SM-REQUEST-INVALID",
    message: "the request cannot be read",
    next: "check its address and headers",
  });
  return Response.json(apiErrorOf(error), { status: 400 });
}

function ownLog(): Logger {
  return pino({ name: "server", level: "warn", serializers: { err: loggedError } }, pino.destination(2));
}

/** A failed query's own message holds the whole statement with its values; the known error says what matters. The stack is for faults of ours. */
export function loggedError(error: unknown): { code: string; message: string; stack?: string } {
  const known = toKnownError(error);
  const { code, message } = apiErrorOf(known).error;
  const stack = known instanceof Bug && error instanceof Error ? error.stack : undefined;
  return { code, message, ...(stack ? { stack: createRedactor()(stack) } : {}) };
}
