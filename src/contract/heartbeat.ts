import { z } from "zod";

const at = z.iso.datetime().nullable();

/** What a job says with a call. */
export const Beat = z.enum(["start", "ok", "fail"]);
export type Beat = z.infer<typeof Beat>;

/** Where a job has to call, and when it did. Whoever knows the path can call. */
export const Heartbeat = z.object({
  check: z.string(),
  /** `/hb/<token>` of the daemon's server. */
  path: z.string(),
  /** With the daemon's own address; null while none runs. */
  url: z.string().nullable(),
  periodMs: z.number(),
  graceMs: z.number(),
  startedAt: at,
  okAt: at,
  failedAt: at,
  /** When it is late without another `ok`. */
  dueAt: z.iso.datetime(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
