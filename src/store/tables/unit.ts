import type { UnitExit } from "../../contract/unit-exit.ts";
import { bigint, integer, jsonb, pgTable, text } from "../drizzle.ts";
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
  /** Of a host that was taken out of the manifest: ISO times of the last attempt to clear it, and of giving that up. */
  triedAt?: string;
  writtenOff?: string;
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
  /** Its first healthy look; null where nobody saw it start. */
  healthyAt: time("healthy_at"),
});
export type UnitRow = typeof unit.$inferSelect;

/** What is left of a unit once it is gone. `exit`: how it ended by itself; null where it was stopped. `lines`: its last, redacted. */
export const unitEnd = pgTable("unit_end", {
  unitId: text("unit_id").primaryKey(),
  exit: jsonb().$type<UnitExit>(),
  lines: jsonb().$type<string[]>().notNull(),
  at: time().notNull().defaultNow(),
});
export type UnitEndRow = typeof unitEnd.$inferSelect;
