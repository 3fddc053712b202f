import { boolean, integer, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

/** `subject`: the id of an action item, or `audit:` with its week. */
export const reportIssue = pgTable(
  "report_issue",
  {
    app: text().notNull(),
    environment: text().notNull(),
    subject: text().notNull(),
    repository: text().notNull(),
    number: integer().notNull(),
    url: text().notNull(),
    textHash: text("text_hash").notNull(),
    lookedAt: time("looked_at").notNull(),
    /** Nothing of it changes any more. */
    settled: boolean().notNull(),
  },
  (table) => [primaryKey({ columns: [table.app, table.environment, table.subject] })],
);
export type ReportIssueRow = typeof reportIssue.$inferSelect;
