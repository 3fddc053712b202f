import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { restartsLeft } from "../../incidents/epochs.ts";
import { serviceScope } from "../../incidents/key.ts";
import { sql } from "../../store/drizzle.ts";
import type { Engine } from "../engine.ts";

const DETECT_S = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1_800];
/** An incident may be committed later than it says it opened. */
const OVERLAP_MS = 5 * 60_000;

/** Figures that the store knows, read with each scrape; one that cannot be read then is left out of it, and `report` hears of it. */
export function createStoredMeters(registry: Registry, engine: Engine, report: (error: unknown) => void): void {
  const { store, environment, clock } = engine;
  const app = engine.manifest.project;
  const registers = [registry];
  const here = sql`app = ${app} AND environment = ${environment}`;

  new Counter({
    name: "stationmaster_heal_actions_total",
    help: "Healing actions that ended, by step and outcome",
    labelNames: ["step", "outcome"],
    registers,
    async collect() {
      await attempt(this, async () => {
        const { rows } = await store.db.execute<{ step: string; outcome: string; count: number }>(sql`
          SELECT remedy AS step, outcome, sum(count)::float8 AS count FROM (
            SELECT remedy, outcome, count(*) FROM heal_action WHERE ${here} AND ended_at IS NOT NULL GROUP BY 1, 2
            UNION ALL SELECT remedy, outcome, count FROM heal_action_removed WHERE ${here}) AS ended
          GROUP BY 1, 2`);
        for (const { step, outcome, count } of rows) this.inc({ step, outcome }, count);
      });
    },
  });
  new Gauge({
    name: "stationmaster_heal_restarts_left",
    help: "Restarts that healing may still do for a service",
    labelNames: ["service"],
    registers,
    async collect() {
      await attempt(this, async () => {
        for (const service of Object.keys(engine.manifest.services))
          this.set({ service }, await restartsLeft(store.db, [serviceScope(app, environment, service)]));
      });
    },
  });
  new Counter({
    name: "stationmaster_notifications_total",
    help: "Messages by channel and how they ended",
    labelNames: ["channel", "outcome"],
    registers,
    async collect() {
      await attempt(this, async () => {
        const { rows } = await store.db.execute<{ channel: string; outcome: string; count: number }>(sql`
          SELECT channel, state AS outcome, sum(count)::float8 AS count FROM (
            SELECT channel, state, count(*) FROM outbox WHERE app = ${app} AND state <> 'pending' GROUP BY 1, 2
            UNION ALL SELECT channel, state, count FROM outbox_removed WHERE app = ${app}) AS ended
          GROUP BY 1, 2`);
        for (const { channel, outcome, count } of rows) this.inc({ channel, outcome }, count);
      });
    },
  });
  new Gauge({
    name: "stationmaster_outbox_oldest_seconds",
    help: "Age of the oldest message that was not delivered yet; 0 where none waits",
    registers,
    async collect() {
      await attempt(this, async () => {
        const { rows } = await store.db.execute<{ oldest: Date | null }>(
          sql`SELECT min(created_at) AS oldest FROM outbox WHERE app = ${app} AND state = 'pending'`,
        );
        const oldest = rows[0]?.oldest;
        this.set(oldest ? Math.max(0, clock.now() - new Date(oldest).getTime()) / 1_000 : 0);
      });
    },
  });

  let since = clock.now();
  let seen = new Set<string>();
  new Histogram({
    name: "stationmaster_incident_detect_seconds",
    help: "Time from the first failed run to the open incident; without those that alerts of others opened",
    buckets: DETECT_S,
    registers,
    async collect() {
      const now = clock.now();
      await store.db
        .execute<{ id: string; seconds: number }>(sql`
          SELECT id, extract(epoch FROM opened_at - onset)::float8 AS seconds FROM incident
          WHERE ${here} AND state <> 'suspect'
            AND NOT jsonb_path_exists(members, '$.keyvalue().key ? (@ like_regex "^[^/]+/alert/")')
            AND opened_at >= ${new Date(since).toISOString()}::timestamptz`)
        .then(({ rows }) => {
          for (const { id, seconds } of rows) if (!seen.has(id)) this.observe(Math.max(0, seconds));
          seen = new Set(rows.map(({ id }) => id));
          since = Math.max(since, now - OVERLAP_MS);
        })
        .catch(report);
    },
  });

  async function attempt(metric: { reset(): void }, read: () => Promise<void>): Promise<void> {
    metric.reset();
    await read().catch(report);
  }
}
