import { bigint, boolean, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

export const lease = pgTable(
  "lease",
  {
    app: text().notNull(),
    env: text().notNull(),
    holder: text().notNull(),
    generation: bigint({ mode: "number" }).notNull(),
    expiresAt: time("expires_at").notNull(),
    manual: boolean().notNull().default(false),
    reason: text(),
  },
  (table) => [primaryKey({ columns: [table.app, table.env] })],
);
