import { sql } from "../store/drizzle.ts";
import { putDown } from "./enqueue.ts";
import { isFailing, type Message } from "./message.ts";
import type { OutboxOptions } from "./options.ts";
import { channelAfter } from "./routing.ts";

type Row = { channel: string; message: Message };

/** Pages that a channel has not taken in time go to the next one as well, while somebody still has to be called. */
export async function handOn(options: OutboxOptions): Promise<void> {
  const { store, app, clock, channels, escalate, refresh = async (message) => message } = options;
  const now = new Date(clock.now()).toISOString();
  const names = [...channels.keys()];
  await store.db.transaction(async (tx) => {
    const { rows } = await tx.execute<Row>(sql`
      UPDATE outbox SET hand_on_at = NULL
      WHERE app = ${app} AND hand_on_at <= ${now}::timestamptz AND state IN ('pending', 'dead')
        AND channel = ANY(${sql.param(names)}::text[])
      RETURNING channel, message`);
    for (const { channel, message: asPutDown } of rows) {
      const message = await refresh(asPutDown);
      // Who had it before it got worse may not know of that.
      const isTaken = message.incident.acknowledged && !asPutDown.incident.acknowledged;
      if (!isFailing(message) || isTaken || message.withdrawn) continue;
      const next = channelAfter(channel, { severity: message.incident.severity, escalate, channels: names });
      if (next !== undefined) await putDown(tx, message, [next], { app, clock, channels: names, escalate });
    }
  });
}
