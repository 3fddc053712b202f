import { bigint, integer, pgTable, primaryKey, smallint, text } from "../drizzle.ts";
import { time } from "./schema.ts";

/** A process that runs checks of an environment. */
export const worker = pgTable("worker", {
  id: text().primaryKey(),
  environment: text().notNull(),
  role: text().$type<"daemon" | "worker">().notNull(),
  host: text().notNull(),
  pid: integer().notNull(),
  backend: integer().notNull(),
  startedAt: time("started_at").notNull().defaultNow(),
  seenAt: time("seen_at").notNull().defaultNow(),
});

/** Who runs a shard, or leads; the epoch rises with each owner. */
export const shard = pgTable(
  "shard",
  {
    environment: text().notNull(),
    shard: smallint().notNull(),
    epoch: bigint({ mode: "number" }).notNull(),
    owner: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.environment, table.shard] })],
);
