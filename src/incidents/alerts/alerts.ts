import type { AlertmanagerConfig } from "../../config/alertmanager.ts";
import type { AlertNotification } from "../../contract/alert.ts";
import type { Clock } from "../../core/clock.ts";
import type { Redactor } from "../../core/redact.ts";
import type { Store } from "../../store/connect.ts";
import { and, eq, lt } from "../../store/drizzle.ts";
import { type AlertRow, alert } from "../../store/tables/alerts.ts";
import type { VerdictEvent } from "../../watch/types.ts";
import { type Alert, readAlert, toVerdict } from "./read.ts";

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
   * Hands the alerts on; answers how many. The same a second time changes nothing. Rejects when the store fails: the sender
   * is to try again.
   */
  take(notification: AlertNotification): Promise<number>;
  /** Ends those that were not heard of for too long. Rejects when the store fails; call it again and again. */
  expire(): Promise<void>;
  /** Their ids as checks, while they fire. */
  ids(): Promise<string[]>;
}

/** The alerts of an environment, kept in the store and told to `handle` as verdicts of checks. */
export function createAlerts({ store, app, environment, clock, redact, settings, handle }: AlertsOptions): Alerts {
  const here = and(eq(alert.app, app), eq(alert.environment, environment));

  async function fire(item: Alert): Promise<void> {
    const { checkId, service, component, severity } = item;
    const change = { service, severity, expiresAt: new Date(item.expiresAt) };
    await store.db
      .insert(alert)
      .values({ app, environment, checkId, component, startsAt: new Date(item.startsAt), ...change })
      .onConflictDoUpdate({ target: [alert.app, alert.environment, alert.checkId], set: change });
    // It exists as a check by now. Should this process end here, the sender has no answer and sends it again.
    await handle(toVerdict(item, { environment, at: clock.now(), detail: redact(item.detail) }));
  }

  async function end(rows: readonly AlertRow[]): Promise<void> {
    for (const row of rows) {
      await handle(
        toVerdict({ ...row, startsAt: row.startsAt.getTime() }, { environment, at: clock.now(), detail: null }),
      );
      await store.db.delete(alert).where(and(here, eq(alert.checkId, row.checkId)));
    }
  }

  return {
    take: async ({ alerts }) => {
      const { services, alertmanager } = settings();
      if (!alertmanager?.receive) return 0;
      const reading = { environment, services, map: alertmanager.map, ttlMs: alertmanager.receive.ttl };
      const read = alerts.flatMap((item) => readAlert(item, { ...reading, now: clock.now() }) ?? []);
      // What is said twice of one alert costs a change of its incident once; the last word counts.
      for (const item of new Map(read.map((item) => [item.checkId, item])).values()) {
        if (item.firing) await fire(item);
        else
          await end(
            await store.db
              .select()
              .from(alert)
              .where(and(here, eq(alert.checkId, item.checkId))),
          );
      }
      return read.length;
    },
    expire: async () => {
      const late = lt(alert.expiresAt, new Date(clock.now()));
      await end(await store.db.select().from(alert).where(and(here, late)));
    },
    ids: async () =>
      (await store.db.select({ checkId: alert.checkId }).from(alert).where(here)).map(({ checkId }) => checkId),
  };
}
