import { ExternalError, toKnownError } from "../../core/errors.ts";
import type { Context } from "../target.ts";
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
   * ends; the next call tries again. So does, once, that a proxy ended between two looks (`SM-PROXY-RESTARTED`).
   */
  keep(report?: (error: unknown) => void): Promise<void>;
  /**
   * For a deployment: they run, as the program that is installed now. A host that is away is left out while another answers;
   * every other failure is thrown.
   */
  ready(context: Context): Promise<void>;
}

/** `now`: epoch milliseconds. */
export function createKeeper(places: Places, now: () => number = Date.now): Keeper {
  const underWay = new Map<string, Promise<void>>();
  const found = new Map<string, Found>();
  const told = new Map<string, string>();
  const outages = new Map<string, ExternalError>();

  function keepOne(name: string): Promise<void> {
    const before = found.get(name);
    if (before && now() - before.at < EVERY_MS) return Promise.resolve();
    const known = underWay.get(name);
    if (known) return known;
    const work = lookAndStart(places, name, before !== undefined)
      .then((seen) => {
        if (before && isAnother(before, seen)) outages.set(name, outage(name, now()));
        found.set(name, { ...seen, at: now() });
      })
      .finally(() => underWay.delete(name));
    underWay.set(name, work);
    return work;
  }

  return {
    keep: async (report) => {
      // One that leaves and comes back later is another proxy.
      for (const name of found.keys()) if (!places.names().includes(name)) found.delete(name);
      await Promise.all(
        places.names().map(async (name) => {
          const failure = await keepOne(name).then(() => undefined, toKnownError);
          const missed = report && outages.get(name);
          if (missed) {
            outages.delete(name);
            report(missed);
          }
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

/** The master process at a look. */
interface Found {
  master: number;
  upMs: number;
  at: number;
}

/** Whether the process is not the one of the look before. In a container it always has the same number. */
export function isAnother(before: Omit<Found, "at">, { master, upMs }: Omit<Found, "at">): boolean {
  return master !== before.master || upMs < before.upMs;
}

function outage(name: string, at: number): ExternalError {
  return new ExternalError({
    code: "SM-PROXY-RESTARTED",
    message: `${name}: the proxy had ended and runs again, seen at ${new Date(at).toISOString()}; its connections of that moment were lost`,
    next: "look into the kernel's log (dmesg) and haproxy.log in the proxy's folder there for what ended it",
  });
}

/**
 * Looking is free. Starting is not: another environment may be about to, or be changing the routes on disk. One that was there
 * before us may have nobody on the host who would start it again.
 */
async function lookAndStart(places: Places, name: string, known: boolean): Promise<Omit<Found, "at">> {
  const { place, seen } = await within(name, LOOK_MS, async (signal) => {
    const found = await places.at(name, signal);
    return { place: found, seen: await found.proxy.runs({ signal }) };
  });
  return await within(name, START_MS, async (signal) => {
    if (seen && !known) await place.proxy.keep({ signal });
    if (seen) return seen;
    return await place.alone({ signal }, async (proxy, held) => {
      await proxy.ensure(held);
      return (await proxy.runs(held)) ?? { master: 0, upMs: 0 };
    });
  });
}

/** Aborts work on a host that takes too long: ExternalError `SM-PROXY-DEADLINE`, as of one that is away. */
export async function within<T>(name: string, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
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
  if (isReady(await place.proxy.versions(context))) return await place.proxy.keep(context);
  await place.alone(context, async (proxy, held) => {
    if ((await proxy.ensure(held)) === "started") return;
    await proxy.keep(held);
    if (!isReady(await proxy.versions(held))) await proxy.upgrade(held);
  });
}

/** A container is not exchanged behind its users' backs: that would cut their connections. */
function isReady(versions: Versions): boolean {
  return versions.running !== null && !(versions.renewable && isOutdated(versions));
}
