import type pg from "pg";
import { UserError } from "../../../core/errors.ts";
import type { SqlFile } from "./files.ts";

/** In the application's own database, so that it goes with it into backups and copies. */
export const LEDGER = "stationmaster_migration";

export interface LedgerRow {
  id: string;
  checksum: string;
  /** Statements that are done, of a file that is no transaction. */
  statements: number;
  /** The next statement was begun, and nobody noted how it ended. */
  inFlight: boolean;
  applied: boolean;
}

/** Changes nothing: a database without the table has none. */
export async function readLedger(client: pg.ClientBase): Promise<Map<string, LedgerRow>> {
  const exists = await client.query<{ ledger: string | null }>("select to_regclass($1)::text as ledger", [LEDGER]);
  if (!exists.rows[0]?.ledger) return new Map();
  const { rows } = await client.query<LedgerRow>(
    `select id, checksum, statements, in_flight as "inFlight", applied_at is not null as applied from ${LEDGER}`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Only under the lock of the migrations: two at once would collide. */
export async function createLedger(client: pg.ClientBase): Promise<void> {
  await client.query(`create table if not exists ${LEDGER} (
    id text primary key,
    kind text not null,
    checksum text not null,
    statements integer not null default 0,
    in_flight boolean not null default false,
    began_at timestamptz not null default now(),
    applied_at timestamptz
  )`);
}

/** Notes a whole file as applied; in the transaction that applied it. */
export async function noteApplied(client: pg.ClientBase, { id, kind, checksum }: SqlFile): Promise<void> {
  await client.query(
    `insert into ${LEDGER} (id, kind, checksum, applied_at) values ($1, $2, $3, now())
     on conflict (id) do update set checksum = excluded.checksum, in_flight = false, applied_at = now()`,
    [id, kind, checksum],
  );
}

/** Notes that the statement after `statements` finished ones begins, or (`inFlight` false) that it does not run. */
export async function noteStatement(
  client: pg.ClientBase,
  { id, kind, checksum }: SqlFile,
  statements: number,
  inFlight: boolean,
): Promise<void> {
  await client.query(
    `insert into ${LEDGER} (id, kind, checksum, statements, in_flight) values ($1, $2, $3, $4, $5)
     on conflict (id) do update set checksum = excluded.checksum, statements = excluded.statements, in_flight = excluded.in_flight`,
    [id, kind, checksum, statements, inFlight],
  );
}

/** A file that was changed after it was applied says something else than the database. */
export function requireUnchanged(service: string, files: readonly SqlFile[], ledger: Map<string, LedgerRow>): void {
  const changed = files.find(({ id, checksum }) => {
    const row = ledger.get(id);
    return row?.applied && row.checksum !== checksum;
  });
  if (changed)
    throw new UserError({
      code: "SM-MIGRATION-CHANGED",
      message: `${service}: ${changed.path} was changed after it was applied`,
      next: "put it back as it was, and make a new migration for the change",
    });
}
