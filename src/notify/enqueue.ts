import type { Clock } from "../core/clock.ts";
import type { Queryable } from "../store/connect.ts";
import { and, eq, gt, inArray } from "../store/drizzle.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Message } from "./message.ts";
import { channelsFor, dueAt, type Escalate, HAND_ON_MS, isPage, isUrgent } from "./routing.ts";

export interface EnqueueOptions {
  app: string;
  clock: Clock;
  /** Names of all channels of the manifest; they need not be open in this process. */
  channels: readonly string[];
  escalate: Escalate;
}

/** Puts a message down for its channels and answers their names; whoever has the channels open sends it. */
export async function enqueue(tx: Queryable, message: Message, options: EnqueueOptions): Promise<string[]> {
  const { id, severity } = message.incident;
  const told = await tx.selectDistinct({ channel: outbox.channel }).from(outbox).where(eq(outbox.incidentId, id));
  const names = channelsFor({ ...options, severity, informed: told.map((row) => row.channel) });
  await putDown(tx, message, names, options);
  return names;
}

/** Puts a message down for channels that the caller names. A name the manifest does not have is passed over. */
export async function putDown(
  tx: Queryable,
  message: Message,
  names: readonly string[],
  { app, clock, channels, escalate }: EnqueueOptions,
): Promise<void> {
  const known = names.filter((name) => channels.includes(name));
  if (known.length === 0) return;
  const now = clock.now();
  const due = dueAt(message, escalate, now);
  if (isUrgent(message.kind)) await replaceHeldBack(tx, message, known, now);
  const rows = known.map((channel) => ({
    ...{ app, channel, message },
    incidentId: message.incident.id,
    event: message.event,
    turn: message.turn ?? 0,
    createdAt: new Date(now),
    nextAt: new Date(due),
    handOnAt: isPage(message) ? new Date(due + HAND_ON_MS) : null,
  }));
  await tx.insert(outbox).values(rows).onConflictDoNothing();
}

/** What got worse is told at once, in place of what was held back to see whether it passes. */
async function replaceHeldBack(
  tx: Queryable,
  { incident, kind }: Message,
  channels: readonly string[],
  now: number,
): Promise<void> {
  await tx
    .update(outbox)
    .set({ state: "skipped", handOnAt: null, error: `told as "${kind}"` })
    .where(
      and(
        eq(outbox.incidentId, incident.id),
        inArray(outbox.channel, [...channels]),
        eq(outbox.state, "pending"),
        eq(outbox.attempts, 0),
        gt(outbox.nextAt, new Date(now)),
      ),
    );
}
