import type { Recurrence, SilenceMatcher } from "../../contract/silence.ts";
import { jsonb, pgTable, text } from "../drizzle.ts";
import { time } from "./schema.ts";

export const silence = pgTable("silence", {
  id: text().primaryKey(),
  app: text().notNull(),
  environment: text().notNull(),
  kind: text().$type<"silence" | "maintenance">().notNull(),
  matcher: jsonb().$type<SilenceMatcher>().notNull(),
  author: text().notNull(),
  reason: text().notNull(),
  fromAt: time("from_at").notNull(),
  untilAt: time("until_at").notNull(),
  recurrence: jsonb().$type<Recurrence>(),
  createdAt: time("created_at").notNull(),
  endedAt: time("ended_at"),
});
export type SilenceRow = typeof silence.$inferSelect;
