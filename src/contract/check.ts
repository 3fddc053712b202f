import { z } from "zod";

export const Verdict = z.enum(["UP", "SUSPECT", "DOWN", "DEGRADED", "INTERMITTENT", "UNKNOWN"]);
export type Verdict = z.infer<typeof Verdict>;

export const CheckResult = z.object({
  at: z.iso.datetime(),
  kind: z.enum(["scheduled", "confirmation"]),
  outcome: z.enum(["ok", "slow", "fail", "unknown"]),
  class: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const Check = z.object({
  id: z.string(),
  service: z.string().nullable(),
  type: z.enum(["http", "tcp", "process", "postgres", "steps"]),
  /** What is asked, for people: `GET http://127.0.0.1:8080/health`. */
  target: z.string(),
  everyMs: z.number(),
  critical: z.boolean(),
  verdict: Verdict,
  since: z.iso.datetime().nullable(),
  lastResult: CheckResult.nullable(),
  /** ok / (ok + fail) of the last 24 h; null without data. Slow runs count as ok, unknown on neither side. */
  uptime24h: z.number().nullable(),
  /** Milliseconds over the last hour; null without data. */
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
export type Check = z.infer<typeof Check>;

/** The host that a check asks, where the same is asked on several; its name may have an `@` too. */
export function hostOf(id: string): string | null {
  const at = id.indexOf("@");
  return at < 0 ? null : id.slice(at + 1);
}

/** One time step of a check's history; `at` is its start. */
export const SeriesPoint = z.object({
  at: z.iso.datetime(),
  ok: z.number().int(),
  slow: z.number().int(),
  fail: z.number().int(),
  unknown: z.number().int(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
export type SeriesPoint = z.infer<typeof SeriesPoint>;

export const CheckSeries = z.object({ check: z.string(), stepMs: z.number(), points: z.array(SeriesPoint) });
export type CheckSeries = z.infer<typeof CheckSeries>;
