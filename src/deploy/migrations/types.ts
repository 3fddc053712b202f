import type { ReleasedService } from "../../store/tables/release.ts";

export type MigrateSettings = NonNullable<ReleasedService["migrate"]>;
/** `expand` suits the release that runs; `backfill` moves data beside it; `contract` takes away what only older releases need. */
export type MigrationKind = "expand" | "backfill" | "contract";

/** A migration as its tool knows it. `position` counts from 1 in the tool's own order. */
export interface Migration {
  id: string;
  position: number;
  kind: MigrationKind;
  applied: boolean;
  /** Of its text where we see it, else of its name. */
  checksum: string;
}

export interface Answer {
  code: number | null;
  output: string;
}

/**
 * Runs argv to its end from the new release, with this environment. The output must be whole and as the program wrote it. `name` is
 * given for what changes the database: it is the same again after a crash, so that the platform can wait for one that still runs.
 */
export type Once = (call: {
  argv: readonly string[];
  environment: Record<string, string>;
  signal: AbortSignal;
  name?: string;
}) => Promise<Answer>;

/** How long statements may wait for locks, run, and all of it may take; milliseconds. */
export interface Limits {
  lockMs: number;
  statementMs: number;
  totalMs: number;
}
export const LIMITS: Limits = { lockMs: 3_000, statementMs: 300_000, totalMs: 900_000 };
