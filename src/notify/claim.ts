import { and, eq, gt, isNull, lt, notInArray, type SQL, sql } from "../store/drizzle.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Message } from "./message.ts";
import type { OutboxOptions } from "./options.ts";
import type { Sent } from "./pacing.ts";
import { GIVE_UP_MS, pacedAs } from "./routing.ts";

const BATCH = 64;
/** Longer than an attempt may take: an older claim belongs to a process that died. */
const CLAIM_MS = 20_000;
const HISTORY_MS = 3_600_000;

/** A message this process may try now. */
export interface Claimed {
  id: number;
  message: Message;
  /** Failed attempts so far. */
  attempts: number;
  /** Whether one of them may have reached somebody all the same. */
  arrived: boolean;
  /** Since when it could be sent, epoch ms. */
  createdAt: number;
  /** Whether the channel may have heard of the incident. */
  told: boolean;
}

type Row = {
  id: string;
  message: Message;
  attempts: number;
  arrived: boolean;
  created_at: string | Date;
  told: boolean;
};

/** Takes messages of a channel that are due and first in their incident's line; rows that another process holds are passed over. */
export async function claimDue({ store, app, clock }: OutboxOptions, channel: string): Promise<Claimed[]> {
  const now = new Date(clock.now()).toISOString();
  const until = new Date(clock.now() + CLAIM_MS).toISOString();
  const { rows } = await store.db.execute<Row>(sql`
    UPDATE outbox SET claimed_until = ${until}::timestamptz WHERE id IN (
      SELECT o.id FROM outbox o
      WHERE o.app = ${app} AND o.channel = ${channel} AND o.state = 'pending' AND o.next_at <= ${now}::timestamptz
        AND (o.claimed_until IS NULL OR o.claimed_until <= ${now}::timestamptz)
        AND NOT EXISTS (SELECT 1 FROM outbox earlier
          WHERE earlier.app = o.app AND earlier.channel = o.channel AND earlier.state = 'pending'
            AND earlier.incident_id = o.incident_id AND earlier.id < o.id
            AND NOT (earlier.attempts = 0 AND earlier.next_at > ${now}::timestamptz AND ${passesHeld()}
              AND earlier.message->'incident'->>'severity' <> 'SEV1'))
      ORDER BY o.id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    RETURNING id, message, attempts, arrived, created_at, EXISTS (SELECT 1 FROM outbox earlier
      WHERE earlier.incident_id = outbox.incident_id AND earlier.channel = outbox.channel
        AND earlier.id <= outbox.id AND earlier.arrived) AS told`);
  return rows
    .map((row) => ({
      id: Number(row.id),
      message: row.message,
      attempts: row.attempts,
      arrived: row.arrived,
      createdAt: new Date(row.created_at).getTime(),
      told: row.told,
    }))
    .sort((a, b) => a.id - b.id);
}

/**
 * How it goes on does not wait for a call that is held back for its hours, once the channel was told: else a pager would call on for what
 * is over.
 */
function passesHeld(): SQL {
  return sql`o.message->>'kind' IN ('acknowledged', 'recovering', 'resolved') AND EXISTS (SELECT 1 FROM outbox heard
    WHERE heard.incident_id = o.incident_id AND heard.channel = o.channel AND heard.id < o.id AND heard.arrived)`;
}

/** What a channel took within the last hour. */
export async function sentLately({ store, app, clock }: OutboxOptions, channel: string): Promise<Sent[]> {
  const rows = await store.db
    .select({ message: outbox.message, at: outbox.deliveredAt })
    .from(outbox)
    .where(
      and(
        eq(outbox.app, app),
        eq(outbox.channel, channel),
        eq(outbox.state, "delivered"),
        isNull(outbox.toldWith),
        gt(outbox.deliveredAt, new Date(clock.now() - HISTORY_MS)),
      ),
    );
  return rows.map((row) => {
    const message = row.message as Message;
    const { incident } = message;
    return { incidentId: incident.id, kind: pacedAs(message), severity: incident.severity, at: row.at?.getTime() ?? 0 };
  });
}

/**
 * Gives up messages of a day ago for channels that the manifest no longer has, and answers them. Younger ones may be for a channel that
 * another process knows already: this one may have an older manifest.
 */
export async function dropUnknownChannels({ store, app, clock, channels }: OutboxOptions) {
  const names = [...channels.keys()];
  const unknown = names.length > 0 ? notInArray(outbox.channel, names) : undefined;
  const old = lt(outbox.createdAt, new Date(clock.now() - GIVE_UP_MS));
  const dropped = await store.db
    .update(outbox)
    .set({ state: "dead", error: "the channel is no longer configured", handOnAt: null })
    .where(and(eq(outbox.app, app), eq(outbox.state, "pending"), unknown, old))
    .returning({ channel: outbox.channel, message: outbox.message });
  return dropped.map(({ channel, message }) => ({ channel, message: message as Message }));
}
