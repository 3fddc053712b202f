import type { Verdict } from "../contract/check.ts";
import type { Queryable } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { renew } from "./epochs.ts";
import { serviceScope } from "./key.ts";

/**
 * Since when each service has been up without a break, as evidence for new restarts. Lasts over restarts of the daemon. What nobody
 * looked at is no evidence: every check of the service has to have run, without a gap over two of its intervals.
 */
interface HealthEvidence {
  /** Notes what a check says. */
  hear(db: Queryable, event: VerdictEvent): Promise<void>;
  /** Forgets what checks other than these said: from `at` (epoch ms) on a service whose last trouble was one of those is up. */
  keep(db: Queryable, ids: readonly string[], at: number): Promise<void>;
  /** Grants restarts to services that earned them by 60 min of evidence after their last restart. `at` in epoch ms. */
  beat(db: Queryable, at: number): Promise<void>;
}

export function createHealthEvidence({ app, environment }: { app: string; environment: string }): HealthEvidence {
  const verdicts = new Map<string, Map<string, Verdict>>();

  async function hear(db: Queryable, event: VerdictEvent): Promise<void> {
    // A budget used up too fast is no word on how the service is right now.
    if (event.service === null || event.component === "slo") return;
    const checks = verdicts.get(event.service) ?? new Map<string, Verdict>();
    verdicts.set(event.service, checks.set(event.checkId, event.to));
    const healthy = allUp(checks);
    const at = new Date(event.at).toISOString();
    await db.execute(sql`
      INSERT INTO heal_health AS h (scope, up_since)
      VALUES (${serviceScope(app, environment, event.service)}, ${healthy ? at : null}::timestamptz)
      ON CONFLICT (scope) DO UPDATE SET up_since = CASE WHEN ${healthy} THEN coalesce(h.up_since, excluded.up_since) END`);
  }

  async function keep(db: Queryable, ids: readonly string[], at: number): Promise<void> {
    const since = new Date(at).toISOString();
    for (const [service, checks] of verdicts) {
      const left = new Map([...checks].filter(([id]) => ids.includes(id)));
      if (left.size === checks.size) continue;
      const scope = serviceScope(app, environment, service);
      if (allUp(left) && !(await troubled(db, scope)))
        await db.execute(
          sql`UPDATE heal_health SET up_since = ${since}::timestamptz WHERE scope = ${scope} AND up_since IS NULL`,
        );
      verdicts.set(service, left);
    }
  }

  async function beat(db: Queryable, at: number): Promise<void> {
    const { rows } = await db.execute<{ scope: string }>(sql`
      WITH seen AS (
        SELECT ${serviceScope(app, environment, "")} || service AS scope, max(steady_since) AS since, min(steady_until) AS until
        FROM check_state WHERE environment = ${environment} AND service IS NOT NULL AND NOT synthetic AND steady_until IS NOT NULL
        GROUP BY service)
      SELECT h.scope FROM heal_health h JOIN seen USING (scope)
      WHERE h.up_since IS NOT NULL AND least(seen.until, ${new Date(at).toISOString()}::timestamptz) >= interval '60 minutes' + greatest(
        h.up_since, seen.since,
        (SELECT max(intent_at) FROM heal_restart r WHERE r.scope = h.scope),
        (SELECT max(v.at) FROM heal_void v WHERE v.scope = h.scope))`);
    for (const { scope } of rows)
      if (!(await troubled(db, scope))) await renew(db, scope, "earned: up for 60 min without a break");
  }

  /** A check that failed before the daemon started says nothing new until it changes; its incident does. */
  async function troubled(db: Queryable, scope: string): Promise<boolean> {
    const service = scope.slice(serviceScope(app, environment, "").length);
    const { rows } = await db.execute(sql`
      SELECT 1 FROM incident WHERE app = ${app} AND environment = ${environment} AND service = ${service}
        AND component <> 'slo' AND state IN ('open', 'healing') LIMIT 1`);
    return rows.length > 0;
  }

  return { hear, keep, beat };
}

function allUp(checks: ReadonlyMap<string, Verdict>): boolean {
  return [...checks.values()].every((verdict) => verdict === "UP");
}
