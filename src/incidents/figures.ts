import type { HealingFigures } from "../contract/healing.ts";
import type { Queryable } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import type { Place } from "./rows.ts";
import type { Remedy } from "./types.ts";

const HOLDS_MS = 30 * 60_000;

/** An action that ended or was refused by a person. */
export interface HealedRow {
  remedy: Remedy;
  step: number | null;
  class: string | null;
  outcome: "succeeded" | "failed" | "declined";
  /** Epoch ms. */
  endedAt: number;
  held: boolean;
  undone: boolean;
}

type Counts = HealingFigures["total"];

/** The share of success and regret of healing actions, as a whole, by rung and by what had failed. Times in epoch ms. */
export function figuresOf(rows: readonly HealedRow[], { since, now }: { since: number; now: number }): HealingFigures {
  const steps = Map.groupBy(rows, ({ step, remedy }) => `${step ?? 0} ${remedy}`);
  const classes = Map.groupBy(rows, (row) => row.class ?? "unknown");
  return {
    since: new Date(since).toISOString(),
    total: countsOf(rows, now),
    steps: [...steps.values()]
      .flatMap((group) =>
        group[0] ? [{ step: group[0].step ?? 0, remedy: group[0].remedy, ...countsOf(group, now) }] : [],
      )
      .sort((a, b) => a.step - b.step),
    classes: [...classes]
      .map(([name, group]) => ({ class: name, ...countsOf(group, now) }))
      .sort((a, b) => b.actions - a.actions || (a.class < b.class ? -1 : 1)),
  };
}

function countsOf(rows: readonly HealedRow[], now: number): Counts {
  const count = (matches: (row: HealedRow) => boolean) => rows.filter(matches).length;
  const declined = count(({ outcome }) => outcome === "declined");
  const held = count((row) => row.held);
  const undone = count((row) => row.undone);
  // An action that worked a moment ago has not held yet, nor failed to.
  const judged = count(
    ({ outcome, endedAt }) => outcome === "failed" || (outcome === "succeeded" && now - endedAt >= HOLDS_MS),
  );
  return {
    actions: rows.length - declined,
    verified: count(({ outcome }) => outcome === "succeeded"),
    ...{ held, declined, undone },
    failed: count(({ outcome }) => outcome === "failed"),
    success: judged === 0 ? null : held / judged,
    regret: rows.length === 0 ? null : (declined + undone) / rows.length,
  };
}

/**
 * What was done since then. A person undid it who restarted the service, or deployed or rolled back a release of it, within 60 min
 * after the action began; rollouts that healing itself began are nobody's.
 */
export async function readHealed(db: Queryable, { app, environment }: Place, since: number): Promise<HealedRow[]> {
  const { rows } = await db.execute<Omit<HealedRow, "endedAt"> & { ended_at: string }>(sql`
    SELECT a.remedy, a.step, a.class, a.outcome, a.ended_at, a.held_at IS NOT NULL AS held,
      a.outcome <> 'declined' AND (
        EXISTS (
          SELECT FROM ledger l WHERE l.action = 'service.restart' AND l.subject = a.service
            AND coalesce(l.detail ->> 'environment', a.environment) = a.environment
            AND l.at > a.at AND l.at <= a.at + interval '60 minutes')
        OR EXISTS (
          SELECT FROM rollout r, jsonb_array_elements(r.plan -> 'services') item
          WHERE r.app = a.app AND r.env = a.environment AND r.kind IN ('deploy', 'rollback')
            AND r.actor <> 'stationmaster' AND NOT starts_with(r.actor, 'incident:')
            AND item ->> 'service' = a.service AND item ->> 'action' <> 'keep'
            AND r.started_at > a.at AND r.started_at <= a.at + interval '60 minutes')) AS undone
    FROM heal_action a
    WHERE a.app = ${app} AND a.environment = ${environment} AND a.remedy <> 'escalate'
      AND a.outcome IN ('succeeded', 'failed', 'declined') AND a.at >= ${new Date(since).toISOString()}::timestamptz
    ORDER BY a.at`);
  return rows.map(({ ended_at, ...row }) => ({ ...row, endedAt: new Date(ended_at).getTime() }));
}
