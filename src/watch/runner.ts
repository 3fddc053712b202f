import type { Clock } from "../core/clock.ts";
import type { Start } from "./entry.ts";
import { Schedule, type SchedulerFigures, type Timed } from "./schedule.ts";

interface RunnerOptions {
  clock: Clock;
  /** Does one run; never rejects. */
  perform(start: Start): Promise<{ timedOut: boolean }>;
  onSkipped(id: string, count: number): void;
}

/** Drives a schedule by the clock: one timer, and the runs under way. */
interface Runner {
  set(checks: readonly Timed[]): void;
  confirm(id: string, inMs: number): void;
  settle(id: string): void;
  /** A run outside the rhythm, as soon as there is room. */
  request(id: string): void;
  /** By how much the interval of a check is longer than it should be: 1, 2, 4 or 8. */
  stretchOf(id: string): number;
  figures(): SchedulerFigures;
  start(): void;
  /** No new runs; resolves when those under way have ended. */
  stop(): Promise<void>;
}

export function createRunner({ clock, perform, onSkipped }: RunnerOptions): Runner {
  const schedule = new Schedule({ onSkipped });
  const runs = new Set<Promise<void>>();
  let checks: readonly Timed[] = [];
  let running = false;
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    if (!running) return;
    const now = clock.monotonic();
    for (const start of schedule.take(now)) launch(start);
    clearTimeout(timer);
    const next = schedule.next();
    if (next !== undefined) timer = setTimeout(tick, Math.max(0, next - now));
  }

  function launch(start: Start): void {
    const run = perform(start).then((outcome) => {
      schedule.finish(start, outcome, clock.monotonic());
      runs.delete(run);
      tick();
    });
    runs.add(run);
  }

  return {
    set: (wanted) => {
      checks = wanted;
      if (running) schedule.set(wanted, clock.monotonic());
      tick();
    },
    confirm: (id, inMs) => {
      schedule.confirm(id, clock.monotonic() + inMs);
      tick();
    },
    settle: (id) => schedule.settle(id),
    request: (id) => {
      schedule.request(id, clock.monotonic());
      tick();
    },
    stretchOf: (id) => schedule.stretchOf(id),
    figures: () => schedule.figures(),
    start: () => {
      running = true;
      schedule.set(checks, clock.monotonic());
      tick();
    },
    stop: async () => {
      running = false;
      clearTimeout(timer);
      await Promise.all(runs);
    },
  };
}
