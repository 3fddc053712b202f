import { bigint, boolean, primaryKey, text } from "drizzle-orm/pg-core";
import { schema, time } from "./schema.ts";

export const lease = schema.table(
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
