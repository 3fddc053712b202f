/** Work in the background; it has to have ended before what it works with is stopped. */
export interface Loops {
  /** Does the work again and again, at least `ms` from one start to the next. */
  every(ms: number, work: () => Promise<unknown>): void;
  /** Work that `idle` waits for; its failure belongs to the caller. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Aborts with `halt`. */
  stopping: AbortSignal;
  /** From now on nothing is done again. */
  halt(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** Failures of repeated work go to `report`; during the stop nobody needs to hear of them. */
export function createLoops(report: (error: unknown) => void): Loops {
  const stopping = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const running = new Set<Promise<unknown>>();

  function track<T>(work: Promise<T>): Promise<T> {
    const ended: Promise<unknown> = work.catch(() => {}).finally(() => running.delete(ended));
    running.add(ended);
    return work;
  }

  return {
    every: (ms, work) => {
      let busy = false;
      const beat = async () => {
        if (busy) return;
        busy = true;
        try {
          await work();
        } catch (error) {
          if (!stopping.signal.aborted) report(error);
        } finally {
          busy = false;
        }
      };
      if (!stopping.signal.aborted) timers.push(setInterval(() => void track(beat()), ms));
    },
    track,
    stopping: stopping.signal,
    halt: () => {
      stopping.abort(new Error("the daemon stops"));
      for (const timer of timers) clearInterval(timer);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
