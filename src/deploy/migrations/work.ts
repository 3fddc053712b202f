import type { Clock } from "../../core/clock.ts";
import type { Queryable } from "../../store/connect.ts";
import type { MigrationKey } from "../../store/migration-runs.ts";
import type { Batch } from "./lint/lint.ts";
import type { SchemaState, Selection } from "./state.ts";
import type { Limits, MigrateSettings, Once } from "./types.ts";

/** The migrations of one service in one environment, and what carrying them out needs of the world. */
export interface MigrationWork extends MigrationKey {
  release: string;
  rolloutId: string | null;
  settings: MigrateSettings;
  /** What the release gets: complete and resolved. */
  environment: Record<string, string>;
  /** The database's address as the application has it, secrets resolved; undefined: nobody told. */
  address: string | undefined;
  /** The same database as this machine reaches it; undefined: it does not. */
  reachable: string | undefined;
  db: Queryable;
  once: Once;
  clock: Clock;
  limits: Limits;
  signal: AbortSignal;
  redact(text: string): string;
}

export interface Written {
  batches: Batch[];
  from: string;
}

/** How the migrations of one service are looked at and carried out. */
export interface Driver {
  /** A look: changes nothing. */
  read(): Promise<SchemaState>;
  /** Applies what was selected, in order; waits for locks again and again. */
  apply(selection: Selection): Promise<void>;
  /** The statements as far as they can be read without running them, and where from, for people. */
  written(selection: Selection): Promise<Written>;
  /** A migration that was cut off has changed nothing, or the driver itself finds out what it did. */
  readonly recovers: boolean;
}
