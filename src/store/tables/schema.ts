import { timestamp } from "../drizzle.ts";

/** A point in time; the tables themselves have no schema name: the connection's search path says which one is meant. */
export function time(name?: string) {
  return name ? timestamp(name, { withTimezone: true, mode: "date" }) : timestamp({ withTimezone: true, mode: "date" });
}
