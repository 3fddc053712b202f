import { pgTable, text } from "../drizzle.ts";
import { time } from "./schema.ts";

/** `domain`: the part of the name that is registered; null where no registry knows one. */
export const domainEnd = pgTable("domain_end", {
  name: text().primaryKey(),
  domain: text(),
  endsAt: time("ends_at"),
  askedAt: time("asked_at").notNull(),
});
