import { z } from "zod";
import { Route, RouteName, RouteTarget } from "./state.ts";

const Count = z.int().min(0);

/** What a target did and does, counted since it joined the route. */
export const TargetFigures = RouteTarget.pick({ id: true, host: true, port: true, role: true, release: true }).extend({
  /** Removed from the route, with exchanges still running. */
  left: z.boolean(),
  /** All exchanges in progress, streams among them. */
  inflight: Count,
  /** Upgraded connections and server-sent events in progress. */
  streams: Count,
  /** Exchanges sent to it, counted with the head of the answer or the failure. */
  requests: Count,
  /** Answers 5xx, and exchanges that got no whole answer. */
  errors: Count,
  /** Clients that left before the answer. */
  aborted: Count,
  connectFailures: Count,
});
export type TargetFigures = z.infer<typeof TargetFigures>;

/** A route as the router carries it out now: what is wanted, and what is seen. */
export const RouteView = Route.extend({
  /** One for each target, then those that left with exchanges still running. */
  figures: z.array(TargetFigures),
  /** False while its port is taken by another program; tried again every second. */
  listening: z.boolean(),
  /** The share in force: 0 when `until` has passed. */
  shareNow: z.number(),
  /** Requests that wait for the end of a hold. */
  held: Count,
  requests: Count,
  /** Answered 502 or 503 by the router itself. */
  unserved: Count,
});
export type RouteView = z.infer<typeof RouteView>;

export const RouterView = z.object({
  version: z.literal(1),
  pid: z.int(),
  startedAt: z.iso.datetime(),
  routes: z.record(RouteName, RouteView),
});
export type RouterView = z.infer<typeof RouterView>;
