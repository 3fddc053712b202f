import { boolean, integer, pgTable, text } from "../drizzle.ts";
import { time } from "./schema.ts";

export const incidentIssue = pgTable("incident_issue", {
  incidentId: text("incident_id").primaryKey(),
  app: text().notNull(),
  repository: text().notNull(),
  number: integer().notNull(),
  url: text().notNull(),
  createdAt: time("created_at").notNull(),
  lookedAt: time("looked_at").notNull(),
  /** Events of the incident at the last look. */
  events: integer().notNull(),
  /** The last event that a comment tells of. */
  told: integer().notNull(),
  /** The event of a comment that is being written. */
  pending: integer(),
  comments: integer().notNull(),
  commentedAt: time("commented_at").notNull(),
  textHash: text("text_hash").notNull(),
  textAt: time("text_at").notNull(),
  closedBy: text("closed_by").$type<"us" | "person">(),
  /** Whether the label that stops healing was there. */
  frozen: boolean().notNull(),
  dispatched: boolean().notNull(),
});
export type IncidentIssueRow = typeof incidentIssue.$inferSelect;
