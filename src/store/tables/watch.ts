import type { CheckResult, Verdict } from "../../contract/check.ts";
import type { Histogram } from "../../core/histogram.ts";
import { bigint, boolean, doublePrecision, integer, jsonb, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

/** One run as kept for the m-of-n rule; `at` in epoch milliseconds. */
export interface StoredOutcome {
  at: number;
  outcome: "ok" | "slow" | "fail" | "unknown";
}

export const checkState = pgTable("check_state", {
  checkId: text("check_id").primaryKey(),
  environment: text().notNull(),
  service: text(),
  verdict: text().$type<Verdict>().notNull(),
  since: time(),
  onset: time(),
  failure: jsonb().$type<{ class: string | null; family: string | null; detail: string | null }>(),
  outcomes: jsonb().$type<StoredOutcome[]>().notNull(),
  lastResult: jsonb("last_result").$type<CheckResult>(),
  /** How many of the outcomes, from the newest back, the m-of-n rule looks at. */
  scored: integer().notNull(),
  /** `verdict_event.seq` of the last event that the incidents layer has taken. */
  delivered: bigint({ mode: "number" }).notNull(),
  /** That of the last event there is. */
  recorded: bigint({ mode: "number" }).notNull().default(0),
  /** Computed from others instead of run: it does not end with the list of checks. */
  synthetic: boolean().notNull(),
  /** Since when its runs follow each other without a gap, and until when the last of them counts. */
  steadySince: time("steady_since"),
  steadyUntil: time("steady_until"),
  updatedAt: time("updated_at").notNull(),
});
export type CheckStateRow = typeof checkState.$inferSelect;

export const bucketMinute = pgTable(
  "bucket_minute",
  {
    checkId: text("check_id").notNull(),
    minute: time().notNull(),
    /** Tells several rows of one minute apart (restart, late result); readers add them up. */
    epoch: bigint({ mode: "number" }).notNull(),
    ok: integer().notNull(),
    slow: integer().notNull(),
    fail: integer().notNull(),
    unknown: integer().notNull(),
    skipped: integer().notNull(),
    maintenance: integer().notNull(),
    blips: integer().notNull(),
    leastMs: doublePrecision("least_ms"),
    mostMs: doublePrecision("most_ms"),
    sumMs: doublePrecision("sum_ms").notNull(),
    histogram: jsonb().$type<Histogram>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.checkId, table.minute, table.epoch] })],
);
export type BucketRow = typeof bucketMinute.$inferSelect;

export const verdictEvent = pgTable("verdict_event", {
  seq: bigint({ mode: "number" }).generatedAlwaysAsIdentity().primaryKey(),
  checkId: text("check_id").notNull(),
  environment: text().notNull(),
  service: text(),
  component: text().notNull(),
  critical: boolean().notNull(),
  everyMs: doublePrecision("every_ms").notNull(),
  fromVerdict: text("from_verdict").$type<Verdict>().notNull(),
  toVerdict: text("to_verdict").$type<Verdict>().notNull(),
  facts: jsonb().$type<Record<string, number>>(),
  class: text(),
  family: text(),
  detail: text(),
  at: time().notNull(),
  onset: time().notNull(),
  about: time(),
  recordedAt: time("recorded_at").notNull().defaultNow(),
  places: integer(),
  impact: text().$type<"data" | "security">(),
});
export type VerdictEventRow = typeof verdictEvent.$inferSelect;
