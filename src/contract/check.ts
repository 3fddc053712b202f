import { z } from "zod";

export const Verdict = z.enum(["UP", "SUSPECT", "DOWN", "DEGRADED", "INTERMITTENT", "UNKNOWN"]);
export type Verdict = z.infer<typeof Verdict>;

export const CheckType = z.enum([
  "http",
  "tcp",
  "tls",
  "dns",
  "ping",
  "browser",
  "process",
  "postgres",
  "redis",
  "heartbeat",
  "steps",
]);
export type CheckType = z.infer<typeof CheckType>;

/** Milliseconds per part of a run; `queue` is how late it began, the others are named as in Prometheus' blackbox exporter. */
export const Phases = z.object({
  queue: z.number(),
  resolve: z.number(),
  connect: z.number(),
  tls: z.number(),
  processing: z.number(),
  transfer: z.number(),
});
export type Phases = z.infer<typeof Phases>;

export const CheckResult = z.object({
  at: z.iso.datetime(),
  kind: z.enum(["scheduled", "confirmation"]),
  outcome: z.enum(["ok", "slow", "fail", "unknown"]),
  class: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
  /** Null for what has no such parts. */
  phases: Phases.nullable(),
  /** Figures by name: `notAfter` (epoch seconds) and `secondsLeft` of a certificate chain, `lossPercent`, … */
  facts: z.record(z.string(), z.number()),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const Check = z.object({
  id: z.string(),
  service: z.string().nullable(),
  type: CheckType,
  /** What is asked, for people: `GET http://127.0.0.1:8080/health`. */
  target: z.string(),
  /** Time between two runs, as it is right now. */
  everyMs: z.number(),
  /** By how much it is longer than it should be, because there is too much to do; left out when it is not. */
  slowed: z.number().optional(),
  critical: z.boolean(),
  /** Names of services, stores and other checks whose failure explains that of this one. */
  dependsOn: z.array(z.string()),
  runbook: z.string().nullable(),
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

/** How far back a history reaches; the longer, the larger its steps. */
export const SeriesWindow = z.enum(["1h", "24h", "7d", "90d"]);
export type SeriesWindow = z.infer<typeof SeriesWindow>;

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
