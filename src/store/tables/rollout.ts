import { bigint, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type {
  JournalEntry,
  RolloutFailure,
  RolloutKind,
  RolloutPlan,
  RolloutState,
  StrategyKind,
} from "../../contract/rollout.ts";
import { time } from "./schema.ts";

export const rollout = pgTable("rollout", {
  id: text().primaryKey(),
  app: text().notNull(),
  env: text().notNull(),
  release: text().notNull(),
  fromRelease: text("from_release"),
  kind: text().$type<RolloutKind>().notNull(),
  strategy: text().$type<StrategyKind>().notNull(),
  plan: jsonb().$type<RolloutPlan>().notNull(),
  planHash: text("plan_hash").notNull(),
  state: text().$type<RolloutState>().notNull(),
  generation: bigint({ mode: "number" }).notNull(),
  actor: text().notNull(),
  reason: text(),
  failure: jsonb().$type<RolloutFailure>(),
  request: text().$type<"promote" | "abort">(),
  startedAt: time("started_at").notNull().defaultNow(),
  finishedAt: time("finished_at"),
});
export type RolloutRow = typeof rollout.$inferSelect;

export const journal = pgTable(
  "journal",
  {
    rolloutId: text("rollout_id").notNull(),
    seq: integer().notNull(),
    generation: bigint({ mode: "number" }).notNull(),
    key: text().notNull(),
    phase: text().$type<"intent" | "outcome">().notNull(),
    step: text().$type<RolloutState>().notNull(),
    target: text(),
    payload: jsonb().$type<JournalEntry["payload"]>().notNull(),
    at: time().notNull(),
  },
  (table) => [primaryKey({ columns: [table.rolloutId, table.seq] })],
);
export type JournalRow = typeof journal.$inferSelect;
