import type { Store } from "../../store/connect.ts";
import { sql } from "../../store/drizzle.ts";
import { HOUR_MS } from "../buckets.ts";
import { readTotals, type Totals } from "../history.ts";
import { noTally, type Tally, WINDOWS, type Window } from "./burn.ts";

/** What is stored of some checks over the last `windowMs`, per check. */
export async function readWindow(
  store: Store,
  { ids, windowMs, now }: { ids: readonly string[]; windowMs: number; now: number },
): Promise<Totals[]> {
  const grain = windowMs > HOUR_MS ? "hour" : "minute";
  return ids.length === 0 ? [] : await readTotals(store, { ids, since: now - windowMs, grain });
}

/** Adds up what counts of some checks. */
function tallyOf(totals: readonly Totals[], ids: ReadonlySet<string>, now: number): Tally {
  return totals
    .filter(({ checkId }) => ids.has(checkId))
    .reduce(
      ({ passed, failed, spanMs }, { ok, slow, fail, since }) => ({
        passed: passed + ok + slow,
        failed: failed + fail,
        spanMs: Math.max(spanMs, now - since),
      }),
      noTally,
    );
}

/** All windows of the burn rules; `of` adds up the checks of one objective. */
export async function readBurnWindows(store: Store, ids: readonly string[], now: number) {
  const read = new Map<Window, Totals[]>();
  for (const [window, windowMs] of Object.entries(WINDOWS) as [Window, number][])
    read.set(window, await readWindow(store, { ids, windowMs, now }));
  return (checkIds: readonly string[]): Record<Window, Tally> => {
    const wanted = new Set(checkIds);
    const tally = (window: Window) => tallyOf(read.get(window) ?? [], wanted, now);
    return { "5m": tally("5m"), "30m": tally("30m"), "1h": tally("1h"), "6h": tally("6h"), "3d": tally("3d") };
  };
}

/** The checks that failed within the last six hours: without one, no rule can begin to hold. */
export async function recentlyFailed({ db }: Store, now: number): Promise<Set<string>> {
  const since = new Date(now - WINDOWS["6h"]).toISOString();
  const { rows } = await db.execute<{ id: string }>(
    sql`SELECT DISTINCT check_id AS id FROM bucket_minute WHERE minute >= ${since}::timestamptz AND fail > 0`,
  );
  return new Set(rows.map(({ id }) => id));
}
