import type pg from "pg";
import type { MigrationRunRow } from "../../store/tables/hosts.ts";
import { neverNullColumns } from "./lint/catalog.ts";
import { type Finding, lint } from "./lint/lint.ts";
import { rehearse } from "./scratch/rehearse.ts";
import { type SchemaState, type Selection, schemaState, select } from "./state.ts";
import type { Driver, MigrationWork } from "./work.ts";

/** What a run of migrations would do, and what is known of it before. */
export interface Inspection {
  state: SchemaState;
  selection: Selection;
  findings: Finding[];
  /** They ran on a scratch database. */
  tested: boolean;
  /** They failed there, and the caller is tolerant. */
  failed: boolean;
  /** Nobody is served by the database, and nothing is in it. */
  fresh: boolean;
  /** How that is known, for people. */
  evidence: string;
}

/**
 * Reads which migrations are pending, tries those of this run on a scratch database, and judges what they send. Changes nothing in the
 * application's database. `serving`: some release runs, so that what it needs counts. `tolerant`: a person
 * vouches for what fails or cannot be read here.
 */
export async function inspect(
  work: MigrationWork,
  driver: Driver,
  {
    client,
    rows,
    asked,
    serving,
    tolerant,
  }: {
    client: pg.Client | undefined;
    rows: readonly MigrationRunRow[];
    asked: "expand" | "contract";
    serving: boolean;
    tolerant: boolean;
  },
): Promise<Inspection> {
  const state = withAhead(await driver.read(), rows);
  const empty = state.position === 0;
  // A database that nobody uses has nobody to be careful for: all its migrations are the way to its first schema.
  const fresh = empty && !serving && asked === "expand";
  const selection = select(work.service, state, fresh ? "fresh" : asked);
  const unseen = { state, selection, findings: [], tested: false, failed: false, fresh };
  if (selection.apply.length === 0) return { ...unseen, evidence: "nothing is pending" };
  if (fresh) return { ...unseen, evidence: "an empty database that serves nobody" };
  const { batches, tested, failed, evidence } = await rehearse(work, driver, selection, {
    target: client,
    empty,
    tolerant,
  });
  // What a contract migration takes away is what it is for.
  const findings =
    asked === "contract" ? [] : await lint(batches, { neverNull: client ? await neverNullColumns(client) : [] });
  return { state, selection, findings, tested, failed, fresh, evidence };
}

/** Positions of migrations that were applied once and that this release does not have count too. */
export function withAhead(state: SchemaState, rows: readonly MigrationRunRow[]): SchemaState {
  const known = new Set(state.migrations.map(({ id }) => id));
  const ahead = rows.filter(({ id, kind, outcome }) => !known.has(id) && kind !== "backfill" && outcome === "done");
  return schemaState(state.migrations, [...ahead.map(({ position }) => position), state.position]);
}
