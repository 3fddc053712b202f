import { chooseTarget } from "./choice.ts";
import { createSampleRing, type SampleRing } from "./samples.ts";
import type { Route } from "./state.ts";
import { createTarget, type LiveTarget, retireTarget, updateTarget } from "./target.ts";

/** A request that waits for the end of a hold. */
export interface Waiter {
  resume(): void;
  expire(): void;
}

/** A route as the running router knows it. Everything here changes in one turn, so a request sees the old or the new one. */
export interface LiveRoute {
  name: string;
  wanted: Route;
  targets: LiveTarget[];
  /** Left the route with exchanges still running. */
  leaving: LiveTarget[];
  waiters: Set<Waiter>;
  holdTimer: NodeJS.Timeout | undefined;
  /** No new requests: the route is deleted or the router stops. */
  closed: boolean;
  requests: number;
  /** Answered by the router itself: 502 and 503. */
  unserved: number;
  samples: SampleRing;
}

export function createRoute(name: string, wanted: Route): LiveRoute {
  const samples = createSampleRing();
  const route: LiveRoute = {
    name,
    wanted,
    samples,
    targets: wanted.targets.map((spec) => createTarget(spec, samples)),
    leaving: [],
    waiters: new Set(),
    holdTimer: undefined,
    closed: false,
    requests: 0,
    unserved: 0,
  };
  applyHold(route);
  return route;
}

/** Replaces the whole route in one turn. A target keeps its figures and connections while id and address stay. */
export function applyRoute(route: LiveRoute, wanted: Route): void {
  const known = [...route.targets, ...route.leaving];
  const targets = wanted.targets.map((spec) => {
    const same = known.find(
      (target) => target.id === spec.id && target.host === spec.host && target.port === spec.port,
    );
    if (!same) return createTarget(spec, route.samples);
    updateTarget(same, spec);
    return same;
  });
  const gone = known.filter((target) => !targets.includes(target));
  for (const target of gone) retireTarget(target);
  Object.assign(route, { wanted, targets, leaving: gone.filter((target) => target.inflight > 0) });
  applyHold(route);
}

/** Lets what runs finish and takes no more. */
export function closeRoute(route: LiveRoute): void {
  route.closed = true;
  clearTimeout(route.holdTimer);
  for (const target of route.targets) retireTarget(target);
  for (const waiter of take(route.waiters)) waiter.expire();
}

export function isHolding(route: LiveRoute, now: number): boolean {
  const { hold } = route.wanted;
  return !route.closed && hold !== null && hold.until > now;
}

/** The target for a request in `bucket`, `apart` last of its side; undefined when none may take it. */
export function pickTarget(route: LiveRoute, bucket: number, now: number, apart?: LiveTarget): LiveTarget | undefined {
  return route.closed ? undefined : chooseTarget(route.targets, route.wanted, bucket, now, apart);
}

/** Also the targets that left with exchanges still running. */
export function everyTarget(route: LiveRoute): LiveTarget[] {
  route.leaving = route.leaving.filter((target) => target.inflight > 0);
  return [...route.targets, ...route.leaving];
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

function applyHold(route: LiveRoute): void {
  clearTimeout(route.holdTimer);
  const { hold } = route.wanted;
  const now = Date.now();
  if (!hold || hold.until <= now) {
    for (const waiter of take(route.waiters)) waiter.resume();
    return;
  }
  route.holdTimer = setTimeout(
    () => {
      for (const waiter of take(route.waiters)) waiter.expire();
    },
    Math.min(hold.until - now, LONGEST_TIMER_MS),
  );
  route.holdTimer.unref();
}

function take<T>(set: Set<T>): T[] {
  const all = [...set];
  set.clear();
  return all;
}
