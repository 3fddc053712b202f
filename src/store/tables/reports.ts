import { boolean, date, doublePrecision, jsonb, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

export const actionItem = pgTable("action_item", {
  id: text().primaryKey(),
  app: text().notNull(),
  environment: text().notNull(),
  incidentId: text("incident_id").notNull(),
  text: text().notNull(),
  owner: text().notNull(),
  due: date({ mode: "string" }).notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: time("created_at").notNull(),
  doneBy: text("done_by"),
  doneAt: time("done_at"),
});
export type ActionItemRow = typeof actionItem.$inferSelect;

/** `data` has the shape of the contract's report of that kind. */
export const report = pgTable(
  "report",
  {
    app: text().notNull(),
    environment: text().notNull(),
    kind: text().$type<"daily" | "audit">().notNull(),
    period: text().notNull(),
    madeAt: time("made_at").notNull(),
    data: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.app, table.environment, table.kind, table.period] })],
);

export const drill = pgTable("drill", {
  id: text().primaryKey(),
  app: text().notNull(),
  environment: text().notNull(),
  checkId: text("check_id").notNull(),
  type: text().notNull(),
  actor: text().notNull(),
  begunAt: time("begun_at").notNull(),
  outcome: text().$type<"paged" | "not-paged" | "not-detected">().notNull(),
  detectMs: doublePrecision("detect_ms"),
  pageMs: doublePrecision("page_ms"),
  channel: text(),
});
export type DrillRow = typeof drill.$inferSelect;

export const channelTest = pgTable(
  "channel_test",
  {
    app: text().notNull(),
    channel: text().notNull(),
    at: time().notNull(),
    accepted: boolean().notNull(),
    ms: doublePrecision().notNull(),
    error: text(),
  },
  (table) => [primaryKey({ columns: [table.app, table.channel, table.at] })],
);
