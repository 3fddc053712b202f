import { and, eq, gt, isNull, notInArray, sql } from "../store/drizzle.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Message } from "./message.ts";
import type { OutboxOptions } from "./options.ts";
import type { Sent } from "./pacing.ts";
import { pacedAs } from "./routing.ts";

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
  /** Since when it could be sent, epoch ms. */
  createdAt: number;
  /** Whether the channel may have heard of the incident. */
  told: boolean;
}

type Row = { id: string; message: Message; attempts: number; created_at: string | Date; told: boolean };

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
            AND earlier.incident_id = o.incident_id AND earlier.id < o.id)
      ORDER BY o.id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    RETURNING id, message, attempts, created_at, EXISTS (SELECT 1 FROM outbox earlier
      WHERE earlier.incident_id = outbox.incident_id AND earlier.channel = outbox.channel
        AND earlier.id <= outbox.id AND earlier.attempts > 0) AS told`);
  return rows
    .map((row) => ({
      id: Number(row.id),
      message: row.message,
      attempts: row.attempts,
      createdAt: new Date(row.created_at).getTime(),
      told: row.told,
    }))
    .sort((a, b) => a.id - b.id);
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

/** Gives up messages for channels that the manifest no longer has. */
export async function dropUnknownChannels({ store, app, channels }: OutboxOptions): Promise<void> {
  const names = [...channels.keys()];
  const unknown = names.length > 0 ? notInArray(outbox.channel, names) : undefined;
  await store.db
    .update(outbox)
    .set({ state: "dead", error: "the channel is no longer configured" })
    .where(and(eq(outbox.app, app), eq(outbox.state, "pending"), unknown));
}
