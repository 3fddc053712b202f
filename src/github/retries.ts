import type { Clock } from "../core/clock.ts";
import { toKnownError } from "../core/errors.ts";

const AGAIN_MS = 15_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** When what failed is tried again: after 15 s, then twice as long each time, at most 15 min. */
export interface Retries {
  isReady(id: string): boolean;
  /** What is not tried now. */
  waiting(): string[];
  /** A failure is told once, not with every attempt. */
  failed(id: string, error: unknown): void;
  succeeded(id: string): void;
  /** Forgets what is not to be done any more: what could be tried again and is none of these. */
  keep(ids: readonly string[]): void;
}

/** Of what fails at one place: what each wait is, and what was told. */
export function createRetries({ clock, report }: { clock: Clock; report(error: unknown): void }): Retries {
  const waits = new Map<string, { until: number; tries: number }>();
  let complaint: string | undefined;
  const isReady = (id: string) => (waits.get(id)?.until ?? 0) <= clock.now();
  return {
    isReady,
    waiting: () => [...waits.keys()].filter((id) => !isReady(id)),
    failed: (id, error) => {
      const tries = (waits.get(id)?.tries ?? 0) + 1;
      waits.set(id, { tries, until: clock.now() + Math.min(AGAIN_MS * 2 ** (tries - 1), LONGEST_WAIT_MS) });
      const { code } = toKnownError(error);
      if (complaint !== code) report(error);
      complaint = code;
    },
    succeeded: (id) => {
      waits.delete(id);
      complaint = undefined;
    },
    keep: (ids) => {
      for (const id of waits.keys()) if (isReady(id) && !ids.includes(id)) waits.delete(id);
    },
  };
}
