import { bigint, jsonb, pgTable, text } from "../drizzle.ts";
import { time } from "./schema.ts";

export const ledger = pgTable("ledger", {
  seq: bigint({ mode: "number" }).primaryKey(),
  at: time().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  subject: text().notNull(),
  detail: jsonb().$type<Record<string, unknown>>().notNull(),
  previous: text().notNull(),
  hash: text().notNull(),
});
export type LedgerRow = typeof ledger.$inferSelect;
