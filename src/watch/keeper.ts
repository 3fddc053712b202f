import type { Clock } from "../core/clock.ts";
import type { Store } from "../store/connect.ts";
import { tidyTime } from "../store/tidy-clock.ts";
import { HOUR_MS, MINUTE_MS } from "./buckets.ts";
import { type Gate, within } from "./gate.ts";
import { type RawResults, writeResults } from "./raw.ts";
import { tidyHistory } from "./rollup.ts";
import type { Series } from "./series.ts";
import { type Kept, saveStates } from "./state.ts";

const BEAT_MS = 1_000;
/** Counts, and states that did not change their verdict, may wait this long: more than that kill -9 does not take away. */
const SAVE_EVERY_MS = 10_000;
/** Of many checks each one is written less often: a state that is a minute old is as good after a restart. */
const SAVE_MS_PER_CHECK = 6;
const STATES_AT_ONCE = 500;
const TIDY_EVERY_MS = HOUR_MS;
const HAND_ON_MS = 2_000;

interface KeeperOptions {
  store: Store;
  clock: Clock;
  gate: Gate;
  series: Series;
  raw: RawResults;
  /** Whether a change of a check's verdict is still to be recorded. */
  isBeingTold(checkId: string): boolean;
  /** Called each hour, after the roll-up. */
  onTidy(): Promise<void>;
  onProblem(what: string, error: unknown): void;
}

/** Writes what may wait, in the background: counts, states, single results; adds up and removes old ones. Probes never wait for it. */
interface Keeper {
  changed(kept: Kept): void;
  /** The states of all other checks are not written any more: those of checks that ended are forgotten already. */
  retain(ids: { has(id: string): boolean }): void;
  /** Writes now what is known of checks that others run from now on. */
  handOn(ids: readonly string[]): Promise<void>;
  start(): void;
  /** Writes all that is left, within `ms`. */
  stop(ms: number): Promise<void>;
}

export function createKeeper({
  store,
  clock,
  gate,
  series,
  raw,
  isBeingTold,
  onTidy,
  onProblem,
}: KeeperOptions): Keeper {
  const dirty = new Map<string, Kept>();
  const failing = new Set<string>();
  let busy: Promise<void> | undefined;
  let tidying: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const begin = clock.monotonic();
  let [flushAt, saveAt, tidyAt] = [begin + SAVE_EVERY_MS, begin + SAVE_EVERY_MS, begin + MINUTE_MS];

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
    const all = [...dirty.keys()];
    for (let from = 0; from < all.length; from += STATES_AT_ONCE) {
      const ids = all.slice(from, from + STATES_AT_ONCE);
      await gate.write(() => saveNow(ids));
    }
  }

  /**
   * As the states are when the write begins, not when it was asked for: what was written in between is newer. A change of the
   * verdict that is not recorded yet writes its state itself; ahead of it, a crash would leave a verdict that nobody was told.
   */
  async function saveNow(ids: readonly string[]): Promise<void> {
    const kept = ids.flatMap((id) => (isBeingTold(id) ? [] : (dirty.get(id) ?? [])));
    await saveStates(store.db, kept);
    for (const item of kept) if (dirty.get(item.spec.id) === item) dirty.delete(item.spec.id);
  }

  async function saveResults(): Promise<void> {
    for (let items = raw.waiting(); items.length > 0; items = raw.waiting()) {
      const part = items;
      await gate.write(() => writeResults(store, part));
      raw.written(part);
    }
  }

  async function flush(): Promise<void> {
    await series.flush();
    await saveResults();
  }

  async function tidy(): Promise<void> {
    try {
      await tidyHistory(store, clock.now(), await tidyTime(store));
    } finally {
      await onTidy();
    }
  }

  async function beat(): Promise<void> {
    const now = clock.monotonic();
    if (now >= flushAt && (await attempt("history was not written", flush))) flushAt = now + SAVE_EVERY_MS;
    if (now >= saveAt) {
      const many = dirty.size;
      if (await attempt("states of checks were not written", save))
        saveAt = now + Math.max(SAVE_EVERY_MS, many * SAVE_MS_PER_CHECK);
    }
    if (now < tidyAt) return;
    tidyAt = now + TIDY_EVERY_MS;
    // Not in line with the writes: it may take long, and nobody waits for it.
    tidying ??= attempt("old history was not tidied up", tidy).finally(() => {
      tidying = undefined;
    });
  }

  return {
    changed: (kept) => dirty.set(kept.spec.id, kept),
    retain: (ids) => {
      for (const id of dirty.keys()) if (!ids.has(id)) dirty.delete(id);
    },
    handOn: async (ids) => {
      const known = ids.filter((id) => dirty.has(id));
      if (known.length === 0) return;
      await attempt("states of checks were not handed on", () =>
        within(
          gate.write(() => saveNow(known)),
          HAND_ON_MS,
        ),
      );
    },
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
        await Promise.all([series.flush({ all: true }), save(), saveResults()]);
        await tidying;
      };
      await attempt("the last minute was not written", () => within(rest(), ms));
    },
  };
}
