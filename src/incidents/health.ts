import type { Verdict } from "../contract/check.ts";
import type { Queryable } from "../store/connect.ts";
import { sql } from "../store/drizzle.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { renew } from "./epochs.ts";
import { serviceScope } from "./key.ts";

const EARNED_AFTER_MS = 60 * 60_000;
/** A longer silence of ours is no evidence of health. */
const LONGEST_GAP_MS = 60_000;

/** Since when each service has been up without a break, as evidence for new restarts. Lasts over restarts of the daemon. */
interface HealthEvidence {
  /** Notes what a check says. */
  hear(db: Queryable, event: VerdictEvent): Promise<void>;
  /** Forgets what checks other than these said: from `at` (epoch ms) on a service whose last trouble was one of those is up. */
  keep(db: Queryable, ids: readonly string[], at: number): Promise<void>;
  /** Notes that we still watch, and grants restarts to services that earned them; at least every 30 s. `at` in epoch ms. */
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
      INSERT INTO heal_health AS h (scope, up_since, seen_at)
      VALUES (${serviceScope(app, environment, event.service)}, ${healthy ? at : null}::timestamptz, ${at}::timestamptz)
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
    const now = new Date(at).toISOString();
    const gap = new Date(at - LONGEST_GAP_MS).toISOString();
    const { rows } = await db.execute<{ scope: string; up_since: string | null }>(sql`
      UPDATE heal_health SET seen_at = ${now}::timestamptz,
        up_since = CASE WHEN up_since IS NOT NULL AND seen_at < ${gap}::timestamptz THEN ${now}::timestamptz ELSE up_since END
      WHERE starts_with(scope, ${serviceScope(app, environment, "")}) RETURNING scope, up_since`);
    for (const { scope, up_since } of rows) {
      if (up_since !== null && at - new Date(up_since).getTime() >= EARNED_AFTER_MS && !(await troubled(db, scope)))
        await renew(db, scope, "earned: up for 60 min without a break");
    }
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
