import { bigint, jsonb, text } from "drizzle-orm/pg-core";
import { schema, time } from "./schema.ts";

export const ledger = schema.table("ledger", {
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
