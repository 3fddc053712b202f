import type { DeployRequest } from "../../contract/requests.ts";
import type {
  JournalEntry,
  RolloutFailure,
  RolloutKind,
  RolloutPlan,
  RolloutState,
  StrategyKind,
} from "../../contract/rollout.ts";
import { bigint, integer, jsonb, pgTable, primaryKey, text } from "../drizzle.ts";
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
  request: text().$type<"promote" | "abort" | "supersede">(),
  requestBy: text("request_by"),
  /** Hosts that it went on without and that do not serve its release yet. */
  behind: jsonb().$type<string[]>(),
  startedAt: time("started_at").notNull().defaultNow(),
  finishedAt: time("finished_at"),
});
export type RolloutRow = typeof rollout.$inferSelect;

/** The deployment of an environment that waits for its turn; `id` is that of the rollout it becomes. */
export const wish = pgTable(
  "wish",
  {
    app: text().notNull(),
    env: text().notNull(),
    id: text().notNull(),
    release: text().notNull(),
    /** Digest of what was agreed to, whatever runs when it begins. */
    content: text().notNull(),
    request: jsonb().$type<DeployRequest>().notNull(),
    actor: text().notNull(),
    /** The process that waits to begin it itself; null: the daemon begins it. */
    holder: text(),
    createdAt: time("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.app, table.env] })],
);
export type WishRow = typeof wish.$inferSelect;

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
