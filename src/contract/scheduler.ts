import { z } from "zod";

/** How one process keeps up with its checks, since it began. */
export const SchedulerView = z.object({
  /** Milliseconds from when a run was due to its start; null before the first run. */
  latenessP50: z.number().nullable(),
  latenessP99: z.number().nullable(),
  /** Runs under way; `slow` are checks that timed out the last time. */
  inflight: z.object({ fast: z.number().int(), slow: z.number().int() }),
  /** Runs that may be under way at the same time. */
  slots: z.number().int(),
  /** Runs left out, because the one before was still under way. */
  skipped: z.number().int(),
  /** Checks that run less often than they should, because there is too much to do. */
  slowed: z.number().int(),
});
export type SchedulerView = z.infer<typeof SchedulerView>;
