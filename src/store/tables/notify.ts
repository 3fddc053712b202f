import type { Severity } from "../../contract/incident.ts";
import { integer, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

export const notifyThread = pgTable(
  "notify_thread",
  {
    incidentId: text("incident_id").notNull(),
    channel: text().notNull(),
    ref: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.channel] })],
);

export const notifyStanding = pgTable("notify_standing", {
  incidentId: text("incident_id").primaryKey(),
  app: text().notNull(),
  severity: text().$type<Severity>().notNull(),
  since: time().notNull(),
  level: integer().notNull(),
  reminders: integer().notNull(),
});
