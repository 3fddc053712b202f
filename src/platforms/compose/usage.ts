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
 * What containers use, by host. docker takes two seconds and more to measure, so nobody waits for it who has figures of the last
 * minute: older than 5 s, they are measured anew meanwhile. The first ones are waited for 3 s at most.
 */
export function createUsage(measure: Measure, clock: Clock = systemClock) {
  const hosts = new Map<string, Known>();
  const running = new Map<string, Promise<void>>();

  async function renew(host: string, containers: readonly string[]): Promise<void> {
    try {
      const figures = await measure(host, containers, AbortSignal.timeout(MEASURE_MS));
      hosts.set(host, { figures, at: clock.monotonic() });
    } catch {
      // A host that does not answer is told by what looks at its containers.
    } finally {
      running.delete(host);
    }
  }

  return async (host: string, containers: readonly string[]): Promise<ReadonlyMap<string, Usage>> => {
    const ageOf = (known: Known | undefined) => (known ? clock.monotonic() - known.at : Number.POSITIVE_INFINITY);
    const known = hosts.get(host);
    if (ageOf(known) > FRESH_MS && !running.has(host)) running.set(host, renew(host, containers));
    if (known && ageOf(known) <= USABLE_MS) return known.figures;
    const waited = new AbortController();
    await Promise.race([running.get(host), clock.sleep(FIRST_MS, waited.signal).catch(() => {})]);
    waited.abort();
    const now = hosts.get(host);
    return now && ageOf(now) <= USABLE_MS ? now.figures : new Map();
  };
}
