import type { Clock } from "../core/clock.ts";
import type { Queryable } from "../store/connect.ts";
import { eq } from "../store/drizzle.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Message } from "./message.ts";
import { channelsFor, type Escalate } from "./routing.ts";

export interface EnqueueOptions {
  app: string;
  clock: Clock;
  /** Names of all channels of the manifest; they need not be open in this process. */
  channels: readonly string[];
  escalate: Escalate;
}

/** Puts a message down for its channels and answers their names; whoever has the channels open sends it. */
export async function enqueue(
  tx: Queryable,
  message: Message,
  { app, clock, channels, escalate }: EnqueueOptions,
): Promise<string[]> {
  const { id, severity } = message.incident;
  const told = await tx.selectDistinct({ channel: outbox.channel }).from(outbox).where(eq(outbox.incidentId, id));
  const names = channelsFor({ severity, escalate, channels, informed: told.map((row) => row.channel) });
  const at = new Date(clock.now());
  const rows = names.map((channel) => ({
    app,
    incidentId: id,
    channel,
    event: message.event,
    message,
    createdAt: at,
    nextAt: at,
  }));
  if (rows.length > 0) await tx.insert(outbox).values(rows).onConflictDoNothing();
  return names;
}
