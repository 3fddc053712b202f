import { type Clock, systemClock } from "../../core/clock.ts";
import type { Usage } from "./docker/stats.ts";

const FRESH_MS = 5_000;
const USABLE_MS = 60_000;
const FIRST_MS = 3_000;
const MEASURE_MS = 30_000;

type Measure = (host: string, containers: readonly string[], signal: AbortSignal) => Promise<Map<string, Usage>>;

interface Known {
  figures: ReadonlyMap<string, Usage>;
  /** By the monotonic clock. */
  at: number;
}

/**
 * What the containers of a host use. docker takes two seconds and more to measure, so nobody waits for it who has figures of the last
 * minute: older than 5 s, they are measured anew meanwhile. The first ones are waited for 3 s at most.
 */
export function createUsage(measure: Measure, clock: Clock = systemClock) {
  const measured = new Map<string, Known>();
  const running = new Map<string, Promise<void>>();

  async function renew(key: string, host: string, containers: readonly string[]): Promise<void> {
    try {
      const figures = await measure(host, containers, AbortSignal.timeout(MEASURE_MS));
      measured.set(key, { figures, at: clock.monotonic() });
    } catch {
      // A host that does not answer is told by what looks at its containers.
    } finally {
      running.delete(key);
    }
  }

  return async (host: string, containers: readonly string[]): Promise<ReadonlyMap<string, Usage>> => {
    const ageOf = (known: Known | undefined) => (known ? clock.monotonic() - known.at : Number.POSITIVE_INFINITY);
    const key = [host, ...containers.toSorted()].join(" ");
    for (const [other, its] of measured) if (ageOf(its) > USABLE_MS) measured.delete(other);
    const known = measured.get(key);
    if (ageOf(known) > FRESH_MS && !running.has(key)) running.set(key, renew(key, host, containers));
    if (known) return known.figures;
    const waited = new AbortController();
    await Promise.race([running.get(key), clock.sleep(FIRST_MS, waited.signal).catch(() => {})]);
    waited.abort();
    return measured.get(key)?.figures ?? new Map();
  };
}
