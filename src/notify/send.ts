import { eq, sql } from "../store/drizzle.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Channel } from "./channel.ts";
import { type Claimed, claimDue, sentLately } from "./claim.ts";
import { deliver } from "./deliver.ts";
import type { OutboxOptions } from "./options.ts";
import { pace } from "./pacing.ts";
import { quieted } from "./returns.ts";
import { HAND_ON_MS, needless, pacedAs } from "./routing.ts";

interface Lane {
  name: string;
  channel: Channel;
  stopping: AbortSignal;
  /** A page was refused: the next channel is to be called now. */
  onRefused(): void;
}

/** Sends what is due for one channel, so that a channel that hangs holds up no other. */
export async function sendDue(options: OutboxOptions, lane: Lane): Promise<void> {
  while (!lane.stopping.aborted) {
    const claimed = await claimDue(options, lane.name);
    if (claimed.length === 0) return;
    const due = await stillNews(options, claimed);
    const bundles =
      lane.channel.reaches === "people" ? await toPeople(options, lane.name, due) : due.map((item) => [item]);
    const refused = await Promise.all(bundles.map((bundle) => deliver(options, { ...lane, bundle })));
    if (refused.includes(true)) lane.onRefused();
  }
}

/** The messages as things stand now; what nobody needs to hear any more is put aside. */
async function stillNews(options: OutboxOptions, claimed: Claimed[]): Promise<Claimed[]> {
  const { store, refresh = async (message) => message } = options;
  const due: Claimed[] = [];
  for (const item of claimed) {
    const message = await refresh(item.message);
    // What may have arrived is told to its end; a plan that nobody can approve is no help even so.
    const isOpen = !item.arrived || message.withdrawn === true;
    const reason = isOpen ? needless(message, item.told) : undefined;
    if (reason === undefined) due.push({ ...item, message });
    else
      await store.db
        .update(outbox)
        .set({ state: "skipped", error: reason, claimedUntil: null, handOnAt: null })
        .where(eq(outbox.id, item.id));
  }
  return due;
}

/** What people get of it now. The rest waits and is bundled. */
async function toPeople(options: OutboxOptions, name: string, claimed: Claimed[]): Promise<Claimed[][]> {
  const { store, clock } = options;
  const due = await Promise.all(claimed.map((item) => quieted(options, name, item)));
  const waiting = due.map((item) => {
    const { incident } = item.message;
    const kind = pacedAs(item.message);
    return { item, id: item.id, kind, severity: incident.severity, incidentId: incident.id, again: item.arrived };
  });
  // What was tried already had its turn.
  const again = waiting.filter((row) => row.again).map(({ item }) => [item]);
  const fresh = waiting.filter((row) => !row.again);
  const now = clock.now();
  const { bundles, later } = pace(fresh, fresh.length > 0 ? await sentLately(options, name) : [], now);
  for (const { item, until } of later) {
    // A page that waits its minute was not refused: its time to be accepted begins when it may go.
    const handOn = new Date(Math.min(until, now + HAND_ON_MS) + HAND_ON_MS).toISOString();
    await store.db
      .update(outbox)
      .set({
        nextAt: new Date(until),
        claimedUntil: null,
        handOnAt: sql`CASE WHEN ${outbox.handOnAt} IS NOT NULL THEN ${handOn}::timestamptz END`,
      })
      .where(eq(outbox.id, item.id));
  }
  return [...again, ...bundles.map((bundle) => bundle.map(({ item }) => item))];
}
