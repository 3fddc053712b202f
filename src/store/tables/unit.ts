import { bigint, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { time } from "./schema.ts";

/** How to find a unit again: `started` tells it from a later process with the same pid. */
export interface UnitAddress {
  pid?: number;
  started?: string;
  /** On loopback of the host it runs on. */
  port?: number;
  /** The host it runs on, as the manifest spells it; left out where a platform has one place only. */
  host?: string;
  log?: string;
  /** ISO time at which it left the route. */
  drainingSince?: string;
}

export const unit = pgTable("unit", {
  id: text().primaryKey(),
  app: text().notNull(),
  env: text().notNull(),
  rolloutId: text("rollout_id").notNull(),
  service: text().notNull(),
  ordinal: integer().notNull(),
  release: text().notNull(),
  role: text().$type<"stable" | "candidate">().notNull(),
  generation: bigint({ mode: "number" }).notNull(),
  address: jsonb().$type<UnitAddress>().notNull(),
  state: text().$type<"starting" | "running" | "draining" | "stopped">().notNull(),
  createdAt: time("created_at").notNull().defaultNow(),
  stoppedAt: time("stopped_at"),
});
export type UnitRow = typeof unit.$inferSelect;
