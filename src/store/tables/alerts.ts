import type { Severity } from "../../contract/incident.ts";
import { bigint, boolean, integer, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

/** Alerts of Alertmanager that fire, and those whose end was not handed on yet. */
export const alert = pgTable(
  "alert",
  {
    app: text().notNull(),
    environment: text().notNull(),
    checkId: text("check_id").notNull(),
    service: text(),
    component: text().notNull(),
    severity: text().$type<Severity>().notNull(),
    startsAt: time("starts_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    detail: text().notNull(),
    firing: boolean().notNull().default(true),
    /** What was said of it since it was handed on last; 0 once that is told. */
    untold: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.app, table.environment, table.checkId] })],
);
export type AlertRow = typeof alert.$inferSelect;

/** What a person wrote about an incident for the public. */
export const publicUpdate = pgTable("public_update", {
  id: bigint({ mode: "number" }).generatedAlwaysAsIdentity().primaryKey(),
  app: text().notNull(),
  incidentId: text("incident_id").notNull(),
  text: text().notNull(),
  actor: text().notNull(),
  at: time().notNull(),
});
