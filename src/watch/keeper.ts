import type { Clock } from "../core/clock.ts";
import type { Store } from "../store/connect.ts";
import { MINUTE_MS } from "./buckets.ts";
import { type Gate, within } from "./gate.ts";
import { purgeBuckets, SERIES_KEPT_MS, type Series } from "./series.ts";
import { type Kept, saveStates } from "./state.ts";

const BEAT_MS = 1_000;
/** Counts, and states that did not change their verdict, may wait this long: more than that kill -9 does not take away. */
const SAVE_EVERY_MS = 10_000;
const PURGE_EVERY_MS = 6 * 60 * MINUTE_MS;

interface KeeperOptions {
  store: Store;
  clock: Clock;
  gate: Gate;
  series: Series;
  onProblem(what: string, error: unknown): void;
}

/** Writes what may wait, in the background: counts, states, and the removal of old counts. Probes never wait for it. */
interface Keeper {
  changed(kept: Kept): void;
  start(): void;
  /** Writes all that is left, within `ms`. */
  stop(ms: number): Promise<void>;
}

export function createKeeper({ store, clock, gate, series, onProblem }: KeeperOptions): Keeper {
  const dirty = new Map<string, Kept>();
  const failing = new Set<string>();
  let busy: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const begin = clock.monotonic();
  let [flushAt, saveAt, purgeAt] = [begin + SAVE_EVERY_MS, begin + SAVE_EVERY_MS, begin + MINUTE_MS];

  /** Says a problem once, not with every attempt. */
  async function attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      failing.delete(what);
      return true;
    } catch (error) {
      if (!failing.has(what)) onProblem(what, error);
      failing.add(what);
      return false;
    }
  }

  async function save(): Promise<void> {
    const kept = [...dirty.values()];
    if (kept.length === 0) return;
    await gate.write(() => saveStates(store.db, kept));
    for (const item of kept) if (dirty.get(item.spec.id) === item) dirty.delete(item.spec.id);
  }

  async function beat(): Promise<void> {
    const now = clock.monotonic();
    if (now >= flushAt && (await attempt("history was not written", () => series.flush())))
      flushAt = now + SAVE_EVERY_MS;
    if (now >= saveAt && (await attempt("states of checks were not written", save))) saveAt = now + SAVE_EVERY_MS;
    if (now < purgeAt) return;
    purgeAt = now + PURGE_EVERY_MS;
    await attempt("old history was not removed", () => purgeBuckets(store, new Date(clock.now() - SERIES_KEPT_MS)));
  }

  return {
    changed: (kept) => dirty.set(kept.spec.id, kept),
    start: () => {
      timer ??= setInterval(() => {
        busy ??= beat().finally(() => {
          busy = undefined;
        });
      }, BEAT_MS).unref();
    },
    stop: async (ms) => {
      clearInterval(timer);
      timer = undefined;
      const rest = async () => {
        await busy;
        await Promise.all([series.flush(), save()]);
      };
      await attempt("the last minute was not written", () => within(rest(), ms));
    },
  };
}
