import { z } from "zod";

/** How a service, or a check of its own, keeps what it promises. Shares are 0 to 1. */
export const SloReport = z.object({
  /** The service, or `check/<name>`. */
  name: z.string(),
  service: z.string().nullable(),
  objective: z.number(),
  windowDays: z.number(),
  /** Share of the runs that passed over the window; null without data. UNKNOWN and maintenance count on neither side. */
  attained: z.number().nullable(),
  /** Share of the failures that are allowed and did not happen yet; below 0 when there were more; null without data. */
  budgetLeft: z.number().nullable(),
  /** How many times too fast the budget is used up; null without data. */
  burn: z.object({ "1h": z.number().nullable(), "6h": z.number().nullable(), "3d": z.number().nullable() }),
  /** The rule that holds right now: `burn:14.4`, `burn:6` or `burn:1`. */
  alert: z.string().nullable(),
  /** Share of the runs that should have been and said something about the target. */
  coverage: z.number().nullable(),
  /** Runs over the window that count. */
  runs: z.number(),
  /** Union of the incidents of the service over the window; null for a check. Not derived from the share. */
  downtimeMinutes: z.number().nullable(),
});
export type SloReport = z.infer<typeof SloReport>;
