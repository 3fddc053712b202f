import type { CheckResult } from "../contract/check.ts";
import type { Queryable, Store } from "../store/connect.ts";
import { and, asc, eq, gt, inArray, isNotNull, ne, or, type SQL, sql } from "../store/drizzle.ts";
import { type CheckStateRow, checkState, type VerdictEventRow, verdictEvent } from "../store/tables/watch.ts";
import { shard } from "../store/tables/workers.ts";
import type { CheckSpec, Family, VerdictEvent } from "./types.ts";
import { newCheck, type VerdictState } from "./verdict.ts";
import { VERDICT, verdictChannel } from "./workers/session.ts";

/** Outcomes older than this many intervals say nothing about now. */
const STALE_INTERVALS = 20;

/** A verdict change as it stands in the table; `seq` is its place there. */
export interface RecordedEvent {
  seq: number;
  event: VerdictEvent;
}

/** What is known of a check from before, or from another process. */
export interface Remembered {
  state: VerdictState;
  last: CheckResult | null;
}

/** The states kept from before, by check. */
export async function loadStates(
  { db }: Store,
  specs: readonly Pick<CheckSpec, "id" | "everyMs">[],
  now: number,
): Promise<Map<string, Remembered>> {
  const ids = specs.map(({ id }) => id);
  const every = new Map(specs.map(({ id, everyMs }) => [id, everyMs]));
  const rows = await db.select().from(checkState).where(isOneOf(ids));
  return new Map(
    rows.map((row) => {
      const state = fromRow(row, now, every.get(row.checkId) ?? 0);
      return [row.checkId, { state, last: row.lastResult }];
    }),
  );
}

/** One parameter, however many there are: one for each would take seconds to write down. */
function isOneOf(ids: readonly string[]): SQL {
  return sql`${checkState.checkId} = ANY(${sql.param([...ids])}::text[])`;
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
    steady:
      row.steadySince && row.steadyUntil
        ? { since: row.steadySince.getTime(), until: row.steadyUntil.getTime() }
        : null,
    // What was held is gone with the old process; the confirmation goes on where it was.
    confirming: row.verdict === "SUSPECT" ? 1 : null,
  };
}

export interface Kept {
  spec: Pick<CheckSpec, "id" | "environment" | "service" | "owned"> & { synthetic?: boolean };
  state: VerdictState;
  /** The run that led to it; left out: none did. */
  last?: CheckResult | null;
}

/**
 * Writes the states of many checks in one statement; answers the ids of which. Those whose shard another worker has taken meanwhile are
 * left out: the lock on the shard's row makes him wait for this write, or this one see his epoch.
 */
export async function saveStates(db: Queryable, kept: readonly Kept[]): Promise<Set<string>> {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const rows = kept.map(({ spec, state, last }) => {
    const { verdict, failure, outcomes, scored, steady } = state;
    return {
      id: spec.id,
      environment: spec.environment,
      service: spec.service,
      synthetic: spec.synthetic ?? false,
      verdict,
      since: iso(state.since),
      onset: iso(state.onset),
      failure,
      outcomes,
      scored,
      last_result: last ?? null,
      steady_since: iso(steady?.since ?? null),
      steady_until: iso(steady?.until ?? null),
      shard: spec.owned?.shard,
      epoch: spec.owned?.epoch,
    };
  });
  const written = await db.execute<{ id: string }>(sql`
    WITH row AS (SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS row (
      id text, environment text, service text, synthetic boolean, verdict text, since timestamptz, onset timestamptz, failure jsonb, outcomes jsonb, scored integer, last_result jsonb,
      steady_since timestamptz, steady_until timestamptz,
      shard integer, epoch bigint)),
    held AS (SELECT s.environment, s.shard, s.epoch FROM ${shard} s
      WHERE (s.environment, s.shard, s.epoch) IN (SELECT environment, shard, epoch FROM row) FOR SHARE)
    INSERT INTO ${checkState} (check_id, environment, service, synthetic, verdict, since, onset, failure, outcomes, scored, last_result, steady_since, steady_until)
    SELECT id, environment, service, synthetic, verdict, since, onset, failure, outcomes, scored, last_result, steady_since, steady_until FROM row
    WHERE epoch IS NULL OR (environment, shard, epoch) IN (SELECT * FROM held)
    ON CONFLICT (check_id) DO UPDATE SET environment = excluded.environment, service = excluded.service, verdict = excluded.verdict,
      since = excluded.since, onset = excluded.onset, failure = excluded.failure, outcomes = excluded.outcomes, scored = excluded.scored,
      last_result = excluded.last_result,
      steady_since = excluded.steady_since, steady_until = excluded.steady_until, updated_at = clock_timestamp()
    RETURNING check_id AS id`);
  return new Set(written.rows.map(({ id }) => id));
}

/** Since when a check is known to be down, epoch ms; null where it is not. */
export async function downSince({ db }: Store, id: string): Promise<number | null> {
  const isDown = and(eq(checkState.checkId, id), eq(checkState.verdict, "DOWN"));
  const [row] = await db.select({ since: checkState.since }).from(checkState).where(isDown);
  return row?.since?.getTime() ?? null;
}

/** A check that ends leaves no verdict behind, and nothing to be told: one of the same name that comes later begins anew. */
export async function forgetStates(store: Store, environment: string, kept: readonly string[]): Promise<void> {
  await forget(store, environment, sql`NOT ${isOneOf(kept)}`);
}

/** As `forgetStates`, for checks that are known to have ended: what others may have of them by now is no business of who asks. */
export async function forgetEnded(store: Store, environment: string, ended: readonly string[]): Promise<void> {
  await forget(store, environment, isOneOf(ended));
}

async function forget({ db }: Store, environment: string, which: SQL): Promise<void> {
  const ended = and(eq(checkState.environment, environment), eq(checkState.synthetic, false), which);
  await db
    .update(checkState)
    .set({
      ...{ verdict: "UNKNOWN", since: null, onset: null, failure: null, outcomes: [], scored: 0, lastResult: null },
      ...{ steadySince: null, steadyUntil: null },
      delivered: sql`${checkState.recorded}`,
    })
    .where(
      and(
        ended,
        or(
          ne(checkState.verdict, "UNKNOWN"),
          gt(checkState.recorded, checkState.delivered),
          isNotNull(checkState.steadyUntil),
        ),
      ),
    );
}

export interface Recording {
  event: VerdictEvent;
  kept: Kept;
}

/**
 * Appends verdict changes of different checks and the states they led to, together. Answers their places, in the same order; null for
 * a check that another worker has taken.
 */
export async function recordEvents(
  { db, schema }: Store,
  recordings: readonly Recording[],
): Promise<(number | null)[]> {
  return await db.transaction(async (transaction) => {
    const written = await saveStates(
      transaction,
      recordings.map(({ kept }) => kept),
    );
    const values = recordings
      .filter(({ event }) => written.has(event.checkId))
      .map(({ event: { from: fromVerdict, to: toVerdict, at, onset, about, ...rest } }) => ({
        ...{ ...rest, fromVerdict, toVerdict },
        ...{ at: new Date(at), onset: new Date(onset), about: about === undefined ? null : new Date(about) },
      }));
    if (values.length === 0) return recordings.map(() => null);
    const { checkId, seq } = verdictEvent;
    const rows = await transaction.insert(verdictEvent).values(values).returning({ checkId, seq });
    const places = new Map(rows.map((row) => [row.checkId, row.seq]));
    await transaction.execute(sql`
      UPDATE ${checkState} AS kept SET recorded = e.seq FROM ${verdictEvent} AS e
      WHERE ${inArray(sql`e.seq`, [...places.values()])} AND kept.check_id = e.check_id`);
    if (recordings.some(({ kept }) => kept.spec.owned))
      await transaction.execute(sql`SELECT pg_notify(${verdictChannel(schema)}, ${VERDICT})`);
    return recordings.map(({ event }) => places.get(event.checkId) ?? null);
  });
}

/** Up to which of its changes the incidents layer has heard of a check. */
export interface Delivered {
  checkId: string;
  seq: number;
}

/** Remembers what the incidents layer has taken. */
export async function markDelivered({ db }: Store, delivered: readonly Delivered[]): Promise<void> {
  await db.execute(sql`
    UPDATE ${checkState} AS kept SET delivered = greatest(kept.delivered, row.seq)
    FROM (SELECT "checkId", max(seq) AS seq FROM json_to_recordset(${JSON.stringify(delivered)}::json)
      AS item ("checkId" text, seq bigint) GROUP BY 1) AS row
    WHERE kept.check_id = row."checkId"`);
}

/** Changes of an environment that were recorded and not delivered, whoever runs the checks: the oldest ones, oldest first. */
export async function undelivered(
  { db }: { db: Queryable },
  { environment, limit = 1_000 }: { environment: string; limit?: number },
): Promise<RecordedEvent[]> {
  const { checkId, delivered, recorded } = checkState;
  const waiting = db
    .select({ checkId, delivered })
    .from(checkState)
    .where(and(eq(checkState.environment, environment), gt(recorded, delivered)))
    .as("waiting");
  // Check by check: a plan that goes along all events there are would read the whole history for the few that wait.
  const event = db
    .select()
    .from(verdictEvent)
    .where(and(eq(verdictEvent.checkId, waiting.checkId), gt(verdictEvent.seq, waiting.delivered)))
    .orderBy(asc(verdictEvent.seq))
    .limit(limit)
    .as("event");
  const rows = await db.select().from(waiting).crossJoinLateral(event).orderBy(asc(event.seq)).limit(limit);
  return rows.map(({ event }) => ({ seq: event.seq, event: fromEventRow(event) }));
}

function fromEventRow({ seq: _, recordedAt: __, fromVerdict, toVerdict, ...row }: VerdictEventRow): VerdictEvent {
  return {
    ...row,
    family: row.family as Family | null,
    facts: row.facts ?? undefined,
    from: fromVerdict,
    to: toVerdict,
    at: row.at.getTime(),
    onset: row.onset.getTime(),
    about: row.about?.getTime(),
    places: row.places ?? undefined,
    impact: row.impact ?? undefined,
  };
}
