import { doublePrecision, jsonb, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

/** Single results: those that were not ok, and the runs around each change of a verdict. */
export const resultRaw = pgTable(
  "result_raw",
  {
    checkId: text("check_id").notNull(),
    at: time().notNull(),
    kind: text().$type<"scheduled" | "confirmation">().notNull(),
    outcome: text().$type<"ok" | "slow" | "fail" | "unknown">().notNull(),
    class: text(),
    detail: text(),
    durationMs: doublePrecision("duration_ms").notNull(),
    phases: jsonb().$type<Record<string, number>>(),
    facts: jsonb().$type<Record<string, number>>(),
  },
  (table) => [primaryKey({ columns: [table.checkId, table.at] })],
);
