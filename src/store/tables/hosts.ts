import { bigint, boolean, doublePrecision, integer, jsonb, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

/** What the judge of a canary has counted; `sums` are those of section 13 of the design, one a rise that is looked for. */
export const analysis = pgTable(
  "analysis",
  {
    rolloutId: text("rollout_id").notNull(),
    service: text().notNull(),
    metric: text().notNull(),
    candidateRequests: bigint("candidate_requests", { mode: "number" }).notNull().default(0),
    candidateBad: bigint("candidate_bad", { mode: "number" }).notNull().default(0),
    baselineRequests: bigint("baseline_requests", { mode: "number" }).notNull().default(0),
    baselineBad: bigint("baseline_bad", { mode: "number" }).notNull().default(0),
    sums: doublePrecision().array().notNull(),
    /** What else the judge needs to go on: frozen thresholds, the last figures seen. */
    state: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    updatedAt: time("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.rolloutId, table.service, table.metric] })],
);
export type AnalysisRow = typeof analysis.$inferSelect;

/** What a release answered in one minute, as the data plane counted it; also minutes without a request, so that rates are true. */
export const trafficMinute = pgTable(
  "traffic_minute",
  {
    app: text().notNull(),
    env: text().notNull(),
    service: text().notNull(),
    release: text().notNull(),
    minute: time().notNull(),
    requests: bigint({ mode: "number" }).notNull().default(0),
    errors: bigint({ mode: "number" }).notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.app, table.env, table.service, table.release, table.minute] })],
);

/** A migration of an application's own schema that was begun; `finishedAt` null: it runs, or what ran it died. */
export const migrationRun = pgTable(
  "migration_run",
  {
    app: text().notNull(),
    env: text().notNull(),
    service: text().notNull(),
    id: text().notNull(),
    kind: text().$type<"expand" | "backfill" | "contract">().notNull(),
    tool: text().notNull(),
    position: integer().notNull(),
    checksum: text().notNull(),
    rolloutId: text("rollout_id"),
    startedAt: time("started_at").notNull().defaultNow(),
    finishedAt: time("finished_at"),
    outcome: text().$type<"done" | "failed">(),
    progress: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [primaryKey({ columns: [table.app, table.env, table.service, table.id] })],
);
export type MigrationRunRow = typeof migrationRun.$inferSelect;

/** Somebody vouches for a release: `what` is a fact such as `qa`, or `override:<item>`. */
export const approval = pgTable("approval", {
  id: text().primaryKey(),
  app: text().notNull(),
  env: text().notNull(),
  release: text().notNull(),
  what: text().notNull(),
  who: text().notNull(),
  evidence: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  at: time().notNull().defaultNow(),
});
export type ApprovalRow = typeof approval.$inferSelect;

/** A time in which nothing is deployed; `endsAt` null: until somebody lifts it. */
export const freeze = pgTable("freeze", {
  id: text().primaryKey(),
  app: text().notNull(),
  env: text().notNull(),
  beginsAt: time("begins_at").notNull().defaultNow(),
  endsAt: time("ends_at"),
  reason: text().notNull(),
  who: text().notNull(),
  liftedAt: time("lifted_at"),
});
export type FreezeRow = typeof freeze.$inferSelect;

/** A copy of an environment for one pull request or branch; `env` is its name, such as `pr-7`. */
export const preview = pgTable(
  "preview",
  {
    app: text().notNull(),
    env: text().notNull(),
    /** The environment it is a copy of. */
    source: text().notNull(),
    ref: text().notNull(),
    commit: text(),
    state: text().$type<"running" | "asleep" | "closed" | "removed">().notNull(),
    /** The one of the environment's hosts it is on. */
    host: text().notNull(),
    /** Code of somebody who may not write to the repository: it gets no secrets. */
    fork: boolean().notNull().default(false),
    /** What somebody asked for last; it stands against what polling sees until there is a new commit. */
    ordered: text().$type<"open" | "close" | "remove">(),
    /** Whether what the row says has been done, or has failed for good (then `reason` says why). */
    settled: boolean().notNull().default(false),
    reason: text(),
    /** Databases made for it by the manifest's store; written before they are made. */
    databases: jsonb().$type<Record<string, string>>().notNull().default({}),
    /** Requests its units had answered at the last look. */
    requests: bigint({ mode: "number" }).notNull().default(0),
    url: text(),
    createdAt: time("created_at").notNull().defaultNow(),
    usedAt: time("used_at").notNull().defaultNow(),
    closedAt: time("closed_at"),
    removedAt: time("removed_at"),
  },
  (table) => [primaryKey({ columns: [table.app, table.env] })],
);
export type PreviewRow = typeof preview.$inferSelect;
