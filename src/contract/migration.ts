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
