import { shareAt } from "./choice.ts";
import { everyTarget, type LiveRoute } from "./table.ts";
import type { LiveTarget } from "./target.ts";
import type { RouteView, TargetFigures } from "./view.ts";

/** What is seen of a route now: its wanted state and the live figures. */
export function viewRoute(route: LiveRoute, listening: boolean, now = Date.now()): RouteView {
  return {
    ...route.wanted,
    figures: everyTarget(route).map((target) => figuresOf(target, !route.targets.includes(target))),
    listening,
    shareNow: shareAt(route.wanted, now),
    held: route.waiters.size,
    requests: route.requests,
    unserved: route.unserved,
  };
}

function figuresOf(target: LiveTarget, left: boolean): TargetFigures {
  const { id, host, port, role, release, inflight, streams, requests, errors, aborted, connectFailures } = target;
  return {
    id,
    host,
    port,
    role,
    release,
    left,
    inflight,
    streams,
    requests,
    errors,
    aborted,
    connectFailures,
  };
}
