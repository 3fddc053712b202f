import { pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

export const heartbeat = pgTable("heartbeat", {
  checkId: text("check_id").primaryKey(),
  token: text().notNull(),
  digest: text().notNull(),
  /** From when on a first call is waited for. */
  expectedSince: time("expected_since").notNull(),
  startedAt: time("started_at"),
  okAt: time("ok_at"),
  failedAt: time("failed_at"),
});
export type HeartbeatRow = typeof heartbeat.$inferSelect;

/** When the receiver of an environment was there last. */
export const receiver = pgTable("receiver", {
  environment: text().primaryKey(),
  seenAt: time("seen_at").notNull(),
});

export const receiverGap = pgTable(
  "receiver_gap",
  {
    environment: text().notNull(),
    downFrom: time("down_from").notNull(),
    downUntil: time("down_until").notNull(),
  },
  (table) => [primaryKey({ columns: [table.environment, table.downUntil] })],
);
