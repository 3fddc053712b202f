import { z } from "zod";
import { PlannedMigration } from "./rollout.ts";

export const MigrationsRequest = z.strictObject({ environment: z.string().optional() });
export type MigrationsRequest = z.input<typeof MigrationsRequest>;

export const ContractRequest = z.strictObject({
  environment: z.string().optional(),
  service: z.string(),
  /** The plan that was agreed to; refused when planning now gives another one. */
  planHash: z.string().optional(),
  /** Stop after the plan. */
  planOnly: z.boolean().default(false),
  /** As for a deployment. */
  override: z.array(z.string()).optional(),
  breakGlass: z.boolean().optional(),
  reason: z.string().min(1).max(500).optional(),
});
export type ContractRequest = z.input<typeof ContractRequest>;

/** A move of data beside the releases. `pending`: no deployment has brought it; `waiting`: for its release to serve. */
export const Backfill = z.object({
  service: z.string(),
  id: z.string(),
  state: z.enum(["pending", "waiting", "running", "failed"]),
  rows: z.number().int(),
  batches: z.number().int(),
  /** Why it waits or failed. */
  note: z.string().nullable(),
});
export type Backfill = z.infer<typeof Backfill>;

/** A migration that a rollout began; `endedAt` null: it is under way, or what ran it died. */
export const MigrationRun = z.object({
  service: z.string(),
  id: z.string(),
  kind: z.enum(["expand", "backfill", "contract"]),
  tool: z.string(),
  /** Where it stands in the tool's own order. */
  position: z.number().int(),
  rollout: z.string().nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outcome: z.enum(["done", "failed"]).nullable(),
});
export type MigrationRun = z.infer<typeof MigrationRun>;

/** What was migrated in an environment so far. */
export const MigrationHistory = z.object({
  environment: z.string(),
  /** Services of the manifest that have migrations, and how far the schema of each is; null before the first. */
  services: z.array(z.object({ service: z.string(), tool: z.string(), position: z.number().int().nullable() })),
  /** The last 100, newest first. */
  runs: z.array(MigrationRun),
  backfills: z.array(Backfill),
});
export type MigrationHistory = z.infer<typeof MigrationHistory>;

/** What the next deployment would do to the schema of a service. */
export const MigratingService = z.object({
  service: z.string(),
  tool: z.string(),
  /** Where the schema will stand, in the tool's own order. */
  position: z.number().int(),
  /** Nothing is wrong with the statements, and they did not fail on a scratch database. */
  safe: z.boolean(),
  /** They were tried on a scratch database; true as well where the target is empty, so that nothing can be tried. */
  tested: z.boolean(),
  /** How that is known. */
  evidence: z.string(),
});
export type MigratingService = z.infer<typeof MigratingService>;

/** The pending migrations of an environment, tried on a scratch database. */
export const MigrationReport = z.object({
  environment: z.string(),
  /** What the next deployment would be called. */
  release: z.string(),
  services: z.array(MigratingService),
  migrations: z.array(PlannedMigration),
  backfills: z.array(Backfill),
  /** Whether the test run is recorded, so that plans of the same content know it. */
  recorded: z.boolean(),
});
export type MigrationReport = z.infer<typeof MigrationReport>;
