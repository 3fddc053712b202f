import type { HttpBindings } from "@hono/node-server";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Logger } from "pino";
import type { UseCases } from "../../daemon/usecases.ts";
import type { Metrics } from "../metrics.ts";

export interface AppEnv {
  Bindings: HttpBindings;
}

export type App = OpenAPIHono<AppEnv>;

/** What the route groups work with. */
export interface RouteContext {
  usecases: UseCases;
  metrics: Metrics;
  log: Logger;
  /** Aborts when the server closes; streams end on it. */
  closing: AbortSignal;
}

/** Who asks, for the audit: the header `x-stationmaster-actor` when it is a plain name, else `web`. */
export function actorOf(c: Context): string {
  const named = c.req.header("x-stationmaster-actor") ?? "";
  return /^[\w.@:-]{1,64}$/.test(named) ? named : "web";
}
