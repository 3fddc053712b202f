import type { Notification, NotificationState } from "../contract/notification.ts";
import type { Queryable } from "../store/connect.ts";
import { and, asc, desc, eq, sql } from "../store/drizzle.ts";
import { lastChannelTests } from "../store/reports.ts";
import { type OutboxRow, outbox } from "../store/tables/incidents.ts";
import type { Message } from "./message.ts";

interface NotificationQuery {
  app: string;
  incident?: string | undefined;
  state?: NotificationState | undefined;
  limit: number;
}

/** Messages of a project, or of one incident, newest first. */
export async function listNotifications(
  db: Queryable,
  { app, incident, state, limit }: NotificationQuery,
): Promise<Notification[]> {
  const rows = await db
    .select()
    .from(outbox)
    .where(
      and(
        eq(outbox.app, app),
        incident === undefined ? undefined : eq(outbox.incidentId, incident),
        state === undefined ? undefined : eq(outbox.state, state),
      ),
    )
    .orderBy(desc(outbox.id))
    .limit(limit);
  return rows.map(toNotification);
}

/** Who was told of an incident, in the order of the messages. */
export async function notificationsOf(db: Queryable, app: string, incident: string): Promise<Notification[]> {
  const mine = and(eq(outbox.app, app), eq(outbox.incidentId, incident));
  return (await db.select().from(outbox).where(mine).orderBy(asc(outbox.id))).map(toNotification);
}

function toNotification(row: OutboxRow): Notification {
  const { id, incidentId, event, channel, state, attempts, error, toldWith } = row;
  const { kind, text, incident } = row.message as Message;
  return {
    ...{ id, event, channel, state, attempts, error, toldWith, kind, text },
    ...{ incident: incidentId, service: incident.service, severity: incident.severity },
    createdAt: row.createdAt.toISOString(),
    nextAt: state === "pending" ? row.nextAt.toISOString() : null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  };
}

/** How a channel does. Times are epoch ms. */
export interface ChannelFigures {
  channel: string;
  /** Messages so far, by how they ended, and those that have not. */
  delivered: number;
  dead: number;
  skipped: number;
  waiting: number;
  lastSuccessAt: number | null;
  /** The error of what is tried again, was given up after the last success, or of a test since; none after a test that was accepted. */
  lastError: string | null;
  lastTest: { at: number; accepted: boolean } | null;
  /** Since when the oldest message waits that could have been sent. */
  oldestPendingAt: number | null;
}

type Row = Record<"delivered" | "dead" | "skipped" | "waiting", string> & {
  channel: string;
  last_success: string | Date | null;
  last_error: string | null;
  last_error_of: string | Date | null;
  oldest: string | Date | null;
};

type Trial = Awaited<ReturnType<typeof lastChannelTests>>[number];

/** How every channel does that has been told anything or was tried. `now` in epoch ms. */
export async function channelFigures(
  db: Queryable,
  { app, now }: { app: string; now: number },
): Promise<ChannelFigures[]> {
  const at = new Date(now).toISOString();
  const fails = sql`error IS NOT NULL AND state IN ('pending', 'dead') AND id > coalesce((SELECT max(d.id) FROM outbox d
    WHERE d.app = outbox.app AND d.channel = outbox.channel AND d.state = 'delivered'), 0)`;
  const { rows } = await db.execute<Row>(sql`
    SELECT channel,
      count(*) FILTER (WHERE state = 'delivered') AS delivered,
      count(*) FILTER (WHERE state = 'dead') AS dead,
      count(*) FILTER (WHERE state = 'skipped') AS skipped,
      count(*) FILTER (WHERE state = 'pending') AS waiting,
      max(delivered_at) AS last_success,
      (array_agg(error ORDER BY id DESC) FILTER (WHERE ${fails}))[1] AS last_error,
      max(created_at) FILTER (WHERE ${fails}) AS last_error_of,
      min(created_at) FILTER (WHERE state = 'pending' AND (attempts > 0 OR next_at <= ${at}::timestamptz)) AS oldest
    FROM outbox WHERE app = ${app} GROUP BY app, channel ORDER BY channel`);
  const trials = new Map((await lastChannelTests(db, app)).map((trial) => [trial.channel, trial]));
  const told = new Map(rows.map((row) => [row.channel, row]));
  return [...new Set([...told.keys(), ...trials.keys()])].map((channel) =>
    toFigures(channel, told.get(channel), trials.get(channel)),
  );
}

function toFigures(channel: string, row: Row | undefined, trial: Trial | undefined): ChannelFigures {
  const ms = (value: string | Date | null = null) => (value === null ? null : new Date(value).getTime());
  const [lastSuccessAt, failedAt, testedAt] = [ms(row?.last_success), ms(row?.last_error_of), ms(trial?.at)];
  const isTestNews = testedAt !== null && testedAt >= Math.max(lastSuccessAt ?? 0, failedAt ?? 0);
  return {
    channel,
    delivered: Number(row?.delivered ?? 0),
    dead: Number(row?.dead ?? 0),
    skipped: Number(row?.skipped ?? 0),
    waiting: Number(row?.waiting ?? 0),
    lastSuccessAt,
    lastError: (isTestNews ? trial?.error : row?.last_error) ?? null,
    lastTest: trial && testedAt !== null ? { at: testedAt, accepted: trial.accepted } : null,
    oldestPendingAt: ms(row?.oldest),
  };
}
