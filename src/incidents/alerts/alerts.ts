import type { AlertmanagerConfig } from "../../config/alertmanager.ts";
import type { AlertNotification } from "../../contract/alert.ts";
import type { Clock } from "../../core/clock.ts";
import type { Redactor } from "../../core/redact.ts";
import type { Store } from "../../store/connect.ts";
import { and, asc, eq, gt, inArray, lt, type SQL, sql } from "../../store/drizzle.ts";
import { type AlertRow, alert } from "../../store/tables/alerts.ts";
import type { VerdictEvent } from "../../watch/types.ts";
import { type Alert, readAlert, toVerdict } from "./read.ts";

/** Rows of one statement. */
const AT_ONCE = 500;

interface AlertsOptions {
  store: Store;
  app: string;
  environment: string;
  clock: Clock;
  redact: Redactor;
  /** What the manifest in force says. */
  settings(): { services: readonly string[]; alertmanager: AlertmanagerConfig | undefined };
  /** Takes an alert as it takes the verdict of a check; rejects where it is to come again. */
  handle(event: VerdictEvent): Promise<void>;
}

/** Alerts of Alertmanager, as checks that others run. */
export interface Alerts {
  /**
   * Writes the alerts down for `fold`; answers how many. The same a second time changes nothing. Rejects when the store fails: the
   * sender is to try again.
   */
  take(notification: AlertNotification): Promise<number>;
  /**
   * Hands on what was taken in and not handed on yet, of each alert its last word, and ends those that were not heard of for too
   * long. Rejects when the store fails; call it again and again.
   */
  fold(): Promise<void>;
  /** Their ids as checks, until their end is handed on. */
  ids(): Promise<string[]>;
}

/**
 * The alerts of an environment, kept in the store and told to `handle` as verdicts of checks. The sender has its answer as soon as
 * they are kept: what `handle` makes of hundreds takes longer than it waits.
 */
export function createAlerts({ store, app, environment, clock, redact, settings, handle }: AlertsOptions): Alerts {
  const here = and(eq(alert.app, app), eq(alert.environment, environment));

  async function begin(items: readonly Alert[]): Promise<void> {
    for (let from = 0; from < items.length; from += AT_ONCE) {
      const rows = items.slice(from, from + AT_ONCE).map(({ firing: _, startsAt, expiresAt, detail, ...item }) => ({
        ...{ ...item, app, environment, detail: redact(detail), untold: 1 },
        ...{ startsAt: new Date(startsAt), expiresAt: new Date(expiresAt) },
      }));
      await store.db
        .insert(alert)
        .values(rows)
        .onConflictDoUpdate({ target: [alert.app, alert.environment, alert.checkId], set: AGAIN });
    }
  }

  async function end(which: SQL | undefined): Promise<void> {
    // Locked in the order in which `begin` locks them.
    const ended = store.db
      .select({ checkId: alert.checkId })
      .from(alert)
      .where(and(here, alert.firing, which))
      .orderBy(asc(alert.checkId))
      .for("update");
    await store.db
      .update(alert)
      .set({ firing: false, untold: sql`${alert.untold} + 1` })
      .where(and(here, inArray(alert.checkId, ended)));
  }

  async function tell(row: AlertRow): Promise<void> {
    const detail = row.firing ? row.detail : null;
    await handle(toVerdict({ ...row, startsAt: row.startsAt.getTime() }, { environment, at: clock.now(), detail }));
    // What was said of it meanwhile is told with the next look.
    const told = and(here, eq(alert.checkId, row.checkId), eq(alert.untold, row.untold));
    if (row.firing) await store.db.update(alert).set({ untold: 0 }).where(told);
    else await store.db.delete(alert).where(told);
  }

  return {
    take: async ({ alerts }) => {
      const { services, alertmanager } = settings();
      if (!alertmanager?.receive) return 0;
      const reading = { environment, services, map: alertmanager.map, ttlMs: alertmanager.receive.ttl };
      const read = alerts.flatMap((item) => readAlert(item, { ...reading, now: clock.now() }) ?? []);
      // What is said twice of one alert counts once, as it was said last.
      const items = [...new Map(read.map((item) => [item.checkId, item])).values()];
      await begin(items.filter(({ firing }) => firing).sort((a, b) => (a.checkId < b.checkId ? -1 : 1)));
      const over = items.filter(({ firing }) => !firing).map(({ checkId }) => checkId);
      if (over.length > 0) await end(inArray(alert.checkId, over));
      return read.length;
    },
    fold: async () => {
      await end(lt(alert.expiresAt, new Date(clock.now())));
      const untold = await store.db
        .select()
        .from(alert)
        .where(and(here, gt(alert.untold, 0)))
        .orderBy(asc(alert.startsAt), asc(alert.checkId));
      for (const row of untold) await tell(row);
    },
    ids: async () =>
      (await store.db.select({ checkId: alert.checkId }).from(alert).where(here)).map(({ checkId }) => checkId),
  };
}

/** What is said of an alert that is known: only what incidents make something of is news. */
const AGAIN = {
  service: sql`excluded.service`,
  severity: sql`excluded.severity`,
  detail: sql`excluded.detail`,
  expiresAt: sql`excluded.expires_at`,
  startsAt: sql`CASE WHEN ${alert.firing} THEN ${alert.startsAt} ELSE excluded.starts_at END`,
  firing: sql`true`,
  untold: sql`${alert.untold} + CASE WHEN ${alert.firing} AND ${alert.severity} = excluded.severity
    AND ${alert.service} IS NOT DISTINCT FROM excluded.service THEN 0 ELSE 1 END`,
};
