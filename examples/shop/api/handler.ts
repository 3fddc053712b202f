import { randomInt } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { DatabaseUnavailable } from "./database.ts";
import type { Faults } from "./fault.ts";
import { HttpError, type Route, send } from "./http.ts";
import { log } from "./log.ts";
import { findRoute } from "./router.ts";

interface Options {
  routes: readonly Route[];
  faults: Faults;
  /** While true, every answer closes its connection. */
  stopping(): boolean;
}

/** The request listener: finds the route, runs it, turns whatever it throws into a JSON answer, writes one log line. */
export function createHandler({ routes, faults, stopping }: Options) {
  return async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const method = request.method ?? "GET";
    const url = parseUrl(request.url);
    if (stopping()) response.setHeader("connection", "close");
    response.on("close", () => {
      if (url.pathname === "/health" && response.statusCode === 200) return;
      log("info", "request", {
        method,
        path: url.pathname,
        status: response.statusCode,
        ms: Math.round(performance.now() - started),
      });
    });
    try {
      await applyFaults(faults, url.pathname);
      const { route, params } = findRoute(routes, method, url.pathname);
      const answer = await route.handle({ request, response, params, query: url.searchParams });
      if (answer !== "streaming") send(response, answer);
    } catch (error) {
      fail(response, error);
    } finally {
      // An unread body would block the next request on this connection.
      if (!request.readableEnded) request.resume();
    }
  };
}

async function applyFaults(faults: Faults, path: string): Promise<void> {
  if (faults.slowMs > 0) await delay(faults.slowMs);
  if (path !== "/health" && faults.errorRate > 0 && randomInt(1_000_000) < faults.errorRate * 1_000_000)
    throw new HttpError(500, "injected", "FAULT=error-rate");
}

function fail(response: ServerResponse, error: unknown): void {
  const known = toHttpError(error);
  if (known.status === 500 && known.code === "internal")
    log("error", "request failed", { reason: String(error), stack: error instanceof Error ? error.stack : undefined });
  if (response.headersSent) return void response.destroy();
  send(response, {
    status: known.status,
    json: { error: { code: known.code, message: known.message } },
    headers: known.headers,
  });
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof DatabaseUnavailable)
    return new HttpError(503, "database-unavailable", "the database does not answer; try again", {
      "retry-after": "1",
    });
  return new HttpError(500, "internal", "something went wrong");
}

function parseUrl(text = "/"): URL {
  return URL.parse(text, "http://api") ?? new URL("http://api/");
}
