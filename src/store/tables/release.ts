import { bigint, jsonb, pgTable, primaryKey, text } from "../drizzle.ts";
import { time } from "./schema.ts";

/** What one service of a release is made of; restoring it needs nothing else. */
export interface ReleasedService {
  kind: "http" | "worker";
  /** Hash over everything below and the files: differs → the service is replaced. */
  hash: string;
  parts: { start: string; env: string; files: string; settings: string };
  start: string[];
  build: string[] | null;
  /** Unresolved: secrets stay references. */
  env: Record<string, string>;
  path: string;
  replicas: number;
  health: unknown;
  drainMs: number;
  graceMs: number;
  startupMs: number;
  data: string[];
  /** The fixed port of its address; null: any. Releases made by older versions do not say. */
  port?: number | null;
  /** What the platform needs besides to start it again, for it alone to read (`compose`: image digest, container settings). */
  recorded?: Record<string, unknown> | null;
  /** Why two copies cannot run side by side (a volume, a fixed port); such a service is recreated whatever the strategy. */
  exclusive?: string | null;
  /** What must be up first besides what the manifest says; the order of a rollout, not what runs, so no part of the hash. */
  dependsOn?: readonly string[];
  migrate?: { tool: string; command?: string[]; path?: string; database?: string } | null;
  /** Positions in the migration tool's order between which it runs. */
  schema?: { min: number; max: number } | null;
}

export const release = pgTable(
  "release",
  {
    app: text().notNull(),
    name: text().notNull(),
    seq: bigint({ mode: "number" }).generatedAlwaysAsIdentity(),
    commit: text(),
    configHash: text("config_hash").notNull(),
    services: jsonb().$type<Record<string, ReleasedService>>().notNull(),
    createdAt: time("created_at").notNull().defaultNow(),
    removedAt: time("removed_at"),
  },
  (table) => [primaryKey({ columns: [table.app, table.name] })],
);
export type ReleaseRow = typeof release.$inferSelect;
