import type { Queryable, Store } from "../store/connect.ts";
import { and, asc, eq, gt, inArray, ne, notInArray, sql } from "../store/drizzle.ts";
import { type CheckStateRow, checkState, type VerdictEventRow, verdictEvent } from "../store/tables/watch.ts";
import type { CheckSpec, Family, VerdictEvent } from "./types.ts";
import { newCheck, type VerdictState } from "./verdict.ts";

/** Outcomes older than this many intervals say nothing about now. */
const STALE_INTERVALS = 20;

/** A verdict change as it stands in the table; `seq` is its place there. */
export interface RecordedEvent {
  seq: number;
  event: VerdictEvent;
}

/** The states kept from before, by check. */
export async function loadStates(
  { db }: Store,
  specs: readonly CheckSpec[],
  now: number,
): Promise<Map<string, VerdictState>> {
  const ids = specs.map(({ id }) => id);
  const every = new Map(specs.map(({ id, everyMs }) => [id, everyMs]));
  const rows = await db.select().from(checkState).where(inArray(checkState.checkId, ids));
  return new Map(rows.map((row) => [row.checkId, fromRow(row, now, every.get(row.checkId) ?? 0)]));
}

function fromRow(row: CheckStateRow, now: number, everyMs: number): VerdictState {
  const stale = now - row.updatedAt.getTime() > STALE_INTERVALS * everyMs;
  return {
    ...newCheck,
    verdict: row.verdict,
    since: row.since?.getTime() ?? null,
    onset: row.onset?.getTime() ?? null,
    failure: row.failure && { ...row.failure, family: row.failure.family as Family | null },
    outcomes: row.outcomes,
    scored: stale ? 0 : row.scored,
    // What was held is gone with the old process; the confirmation goes on where it was.
    confirming: row.verdict === "SUSPECT" ? 1 : null,
  };
}

export interface Kept {
  spec: CheckSpec;
  state: VerdictState;
}

/** Writes the states of many checks in one statement. */
export async function saveStates(db: Queryable, kept: readonly Kept[]): Promise<void> {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const rows = kept.map(({ spec, state }) => {
    const { verdict, failure, outcomes, scored } = state;
    return {
      id: spec.id,
      environment: spec.environment,
      service: spec.service,
      verdict,
      since: iso(state.since),
      onset: iso(state.onset),
      failure,
      outcomes,
      scored,
    };
  });
  await db.execute(sql`
    INSERT INTO ${checkState} (check_id, environment, service, verdict, since, onset, failure, outcomes, scored)
    SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS row (
      id text, environment text, service text, verdict text, since timestamptz, onset timestamptz, failure jsonb, outcomes jsonb, scored integer)
    ON CONFLICT (check_id) DO UPDATE SET environment = excluded.environment, service = excluded.service, verdict = excluded.verdict,
      since = excluded.since, onset = excluded.onset, failure = excluded.failure, outcomes = excluded.outcomes, scored = excluded.scored,
      updated_at = clock_timestamp()`);
}

/** A check that ends leaves no verdict behind: one of the same name that comes later begins anew. */
export async function forgetStates({ db }: Store, environment: string, kept: readonly string[]): Promise<void> {
  const ended = and(eq(checkState.environment, environment), notInArray(checkState.checkId, [...kept]));
  await db
    .update(checkState)
    .set({ verdict: "UNKNOWN", since: null, onset: null, failure: null, outcomes: [], scored: 0 })
    .where(and(ended, ne(checkState.verdict, "UNKNOWN")));
}

/** Appends a verdict change and the state it led to, together. Answers its place. */
export async function recordEvent({ db }: Store, event: VerdictEvent, kept: Kept): Promise<number> {
  const { from: fromVerdict, to: toVerdict, at, onset, places: _, ...rest } = event;
  return await db.transaction(async (transaction) => {
    await saveStates(transaction, [kept]);
    const values = { ...rest, fromVerdict, toVerdict, at: new Date(at), onset: new Date(onset) };
    const [row] = await transaction.insert(verdictEvent).values(values).returning({ seq: verdictEvent.seq });
    return row?.seq ?? 0;
  });
}

/** Remembers that the incidents layer has taken everything up to `seq`. */
export async function markDelivered({ db }: Store, checkId: string, seq: number): Promise<void> {
  await db
    .update(checkState)
    .set({ delivered: sql`greatest(${checkState.delivered}, ${seq})` })
    .where(eq(checkState.checkId, checkId));
}

/** Changes that were recorded and not delivered before the last daemon ended, oldest first. */
export async function undelivered({ db }: Store, checkIds: readonly string[]): Promise<RecordedEvent[]> {
  const rows = await db
    .select({ event: verdictEvent })
    .from(verdictEvent)
    .innerJoin(checkState, eq(checkState.checkId, verdictEvent.checkId))
    .where(and(inArray(verdictEvent.checkId, [...checkIds]), gt(verdictEvent.seq, checkState.delivered)))
    .orderBy(asc(verdictEvent.seq));
  return rows.map(({ event }) => ({ seq: event.seq, event: fromEventRow(event) }));
}

function fromEventRow({ seq: _, recordedAt: __, fromVerdict, toVerdict, ...row }: VerdictEventRow): VerdictEvent {
  return {
    ...row,
    family: row.family as Family | null,
    from: fromVerdict,
    to: toVerdict,
    at: row.at.getTime(),
    onset: row.onset.getTime(),
  };
}
