import { pgSchema, timestamp } from "drizzle-orm/pg-core";

/** Every table of ours lives in this PostgreSQL schema, so a shared database stays tidy. */
export const schema = pgSchema("stationmaster");

export function time(name?: string) {
  return name ? timestamp(name, { withTimezone: true, mode: "date" }) : timestamp({ withTimezone: true, mode: "date" });
}
