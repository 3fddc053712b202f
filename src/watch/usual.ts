import type { Store } from "../store/connect.ts";
import { usualP95 } from "./brown-out.ts";
import { DAY_MS, HOUR_MS } from "./buckets.ts";
import { readSameHours } from "./history.ts";

const DAYS = 7;

/** What each check usually takes at this hour of the day (UTC): the p95 of that hour of the last seven days, in milliseconds. */
export async function loadUsual(store: Store, now: number): Promise<Map<string, number>> {
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const hours = Array.from({ length: DAYS }, (_, index) => hour - (index + 1) * DAY_MS);
  const found = new Map<string, number>();
  for (const [id, histograms] of await readSameHours(store, { hours })) {
    const p95 = usualP95(histograms);
    if (p95 !== null) found.set(id, p95);
  }
  return found;
}
