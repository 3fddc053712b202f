import type { Worker } from "./look.ts";
import type { SeenServer } from "./parse.ts";

export interface Counts {
  requests: number;
  errors: number;
  unanswered: number;
}

interface Live extends Counts {
  unit: string;
  attempts: number;
}

const NONE: Counts = { requests: 0, errors: 0, unanswered: 0 };

/** Counts by unit that go on over reloads, where each new worker starts at 0. Known for as long as this process looks. */
export interface Totals {
  /** `at`: when they were asked, on a clock that never goes back. A look that was overtaken by a later one changes nothing. */
  take(look: { workers: readonly Worker[]; at: number }): Map<string, Counts>;
}

export function createTotals(): Totals {
  let live = new Map<string, Live>();
  let latest = Number.NEGATIVE_INFINITY;
  const ended = new Map<string, Counts>();

  function renew(seen: Map<string, Live>): void {
    for (const [key, before] of live) {
      const now = seen.get(key);
      // Gone with its worker, or deleted and made again.
      if (!now || now.attempts < before.attempts) ended.set(before.unit, plus(ended.get(before.unit), before));
    }
    live = seen;
    const units = new Set([...seen.values()].map(({ unit }) => unit));
    for (const unit of ended.keys()) if (!units.has(unit)) ended.delete(unit);
  }

  return {
    take({ workers, at }) {
      if (at >= latest)
        renew(new Map(workers.flatMap(({ pid, seen }) => seen.servers.map((server) => liveOf(pid, server)))));
      latest = Math.max(latest, at);
      const totals = new Map(ended);
      for (const counts of live.values()) totals.set(counts.unit, plus(totals.get(counts.unit), counts));
      return totals;
    },
  };
}

function liveOf(pid: number, { backend, id, attempts, requests, errors, unanswered }: SeenServer): [string, Live] {
  return [`${pid} ${backend} ${id}`, { unit: id, attempts, requests, errors, unanswered }];
}

function plus(a: Counts = NONE, b: Counts): Counts {
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    unanswered: a.unanswered + b.unanswered,
  };
}
