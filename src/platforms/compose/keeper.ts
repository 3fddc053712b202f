import { ExternalError, toKnownError } from "../../core/errors.ts";
import type { Context } from "../platform.ts";
import { isOutdated, type Versions } from "./haproxy/version.ts";
import type { Place, Places } from "./places.ts";
import { reachable } from "./waves.ts";

/** A proxy that was killed is missed by users; one that is asked too often costs. */
const EVERY_MS = 5_000;
/** A host that does not answer keeps the others from being asked for no longer. */
const LOOK_MS = 10_000;
const START_MS = 60_000;

/** Keeps the proxies of all hosts running. */
export interface Keeper {
  /**
   * Starts those that do not run, on the hosts that answer. What could not be done goes to `report`, once until it changes or
   * ends; the next call tries again.
   */
  keep(report?: (error: unknown) => void): Promise<void>;
  /**
   * For a deployment: they run, as the program that is installed now. A host that is away is left out while another answers;
   * every other failure is thrown.
   */
  ready(context: Context): Promise<void>;
}

/** `now`: milliseconds of any clock. */
export function createKeeper(places: Places, now: () => number = Date.now): Keeper {
  const underWay = new Map<string, Promise<void>>();
  const found = new Map<string, number>();
  const told = new Map<string, string>();

  function keepOne(name: string): Promise<void> {
    if (now() - (found.get(name) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return Promise.resolve();
    const known = underWay.get(name);
    if (known) return known;
    const work = lookAndStart(places, name)
      .then(() => void found.set(name, now()))
      .finally(() => underWay.delete(name));
    underWay.set(name, work);
    return work;
  }

  return {
    keep: async (report) => {
      await Promise.all(
        places.names().map(async (name) => {
          const failure = await keepOne(name).then(() => undefined, toKnownError);
          if (!failure) return void told.delete(name);
          if (!report || told.get(name) === failure.code) return;
          told.set(name, failure.code);
          report(failure);
        }),
      );
    },
    ready: async (context) => {
      await reachable(places.names(), async (name) => readyAt(await places.at(name, context.signal), context));
    },
  };
}

/** Looking is free. Starting is not: another environment may be about to, or be changing the routes on disk. */
async function lookAndStart(places: Places, name: string): Promise<void> {
  const place = await within(name, LOOK_MS, async (signal) => {
    const found = await places.at(name, signal);
    return (await found.proxy.runs({ signal })) ? undefined : found;
  });
  if (!place) return;
  await within(name, START_MS, (signal) => place.alone({ signal }, (proxy, held) => proxy.ensure(held)));
}

async function within<T>(name: string, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(tooLate(name, ms)), ms);
  try {
    return await work(late.signal);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(name: string, ms: number): ExternalError {
  return new ExternalError({
    code: "SM-PROXY-DEADLINE",
    message: `${name}: the proxy did not answer within ${ms / 1_000} s`,
    next: "look at the load of that host",
    retryable: true,
  });
}

async function readyAt(place: Place, context: Context): Promise<void> {
  if (isReady(await place.proxy.versions(context))) return;
  await place.alone(context, async (proxy, held) => {
    if ((await proxy.ensure(held)) === "started" || isReady(await proxy.versions(held))) return;
    await proxy.upgrade(held);
  });
}

/** A container is not exchanged behind its users' backs: that would cut their connections. */
function isReady(versions: Versions): boolean {
  return versions.running !== null && !(versions.renewable && isOutdated(versions));
}
