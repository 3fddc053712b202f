import type { Queryable } from "./connect.ts";
import { and, asc, eq, sql } from "./drizzle.ts";
import type { HeldLease } from "./leases.ts";
import { fence, leaseLost } from "./rollouts.ts";
import { type AnalysisRow, analysis } from "./tables/hosts.ts";

/** What the judge of a rollout has counted, by service and metric; only of `service` when it is given. */
export async function findAnalysis(db: Queryable, rolloutId: string, service?: string): Promise<AnalysisRow[]> {
  return await db
    .select()
    .from(analysis)
    .where(and(eq(analysis.rolloutId, rolloutId), service === undefined ? undefined : eq(analysis.service, service)))
    .orderBy(asc(analysis.service), asc(analysis.metric));
}

/** Replaces the rows in the same statement that checks the lease: one not written means the lease is lost. */
export async function saveAnalysis(
  db: Queryable,
  held: HeldLease,
  rows: readonly Omit<AnalysisRow, "updatedAt">[],
): Promise<void> {
  const values = rows.map((row) => ({
    rollout_id: row.rolloutId,
    service: row.service,
    metric: row.metric,
    candidate_requests: row.candidateRequests,
    candidate_bad: row.candidateBad,
    baseline_requests: row.baselineRequests,
    baseline_bad: row.baselineBad,
    sums: row.sums,
    state: row.state,
  }));
  const result = await db.execute(sql`
    insert into analysis (rollout_id, service, metric, candidate_requests, candidate_bad, baseline_requests, baseline_bad, sums, state)
    select x.* from lease l, jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as x(
      rollout_id text, service text, metric text, candidate_requests bigint, candidate_bad bigint,
      baseline_requests bigint, baseline_bad bigint, sums float8[], state jsonb)
    where ${fence(held)}
    on conflict (rollout_id, service, metric) do update set
      candidate_requests = excluded.candidate_requests, candidate_bad = excluded.candidate_bad,
      baseline_requests = excluded.baseline_requests, baseline_bad = excluded.baseline_bad,
      sums = excluded.sums, state = excluded.state, updated_at = now()`);
  if (result.rowCount !== rows.length) throw leaseLost(held);
}
