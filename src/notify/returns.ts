import { and, eq, gt, sql } from "../store/drizzle.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Claimed } from "./claim.ts";
import type { Message } from "./message.ts";
import type { OutboxOptions } from "./options.ts";
import { isPage } from "./routing.ts";

const LATELY_MS = 30 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** The third time within a day, people are told that it keeps coming back. */
const KEEPS_COMING = 3;

/** A page that a channel took. `at` in epoch ms. */
export type Page = Pick<Message["incident"], "severity" | "occurrence"> & { at: number };

/**
 * Whether its return need not call those again who took `pages` about it: somebody who was called within 30 min, for something as
 * severe, knows; and who was told that it keeps coming back (its third time) knows for a day.
 */
export function isKnown({ kind, incident }: Message, pages: readonly Page[], now: number): boolean {
  if (kind !== "reopened" || incident.severity === "SEV3") return false;
  const keepsComing = incident.occurrence >= KEEPS_COMING;
  const since = now - (keepsComing ? DAY_MS : LATELY_MS);
  return pages.some(
    ({ severity, occurrence, at }) =>
      at > since && severity <= incident.severity && (!keepsComing || occurrence >= KEEPS_COMING),
  );
}

/** The message as it goes to people: one of a return that they know of tells and calls nobody. */
export async function quieted(options: OutboxOptions, channel: string, item: Claimed): Promise<Claimed> {
  const { store, clock } = options;
  const { message, id } = item;
  if (message.kind !== "reopened" || message.quiet || item.attempts > 0) return item;
  const now = clock.now();
  if (!isKnown(message, await pagesOf(options, channel, message.incident.id), now)) return item;
  await store.db
    .update(outbox)
    .set({ message: sql`${outbox.message} || '{"quiet": true}'`, handOnAt: null })
    .where(eq(outbox.id, id));
  return { ...item, message: { ...message, quiet: true } };
}

async function pagesOf({ store, clock }: OutboxOptions, channel: string, incidentId: string): Promise<Page[]> {
  const rows = await store.db
    .select({ message: outbox.message, at: outbox.deliveredAt })
    .from(outbox)
    .where(
      and(
        eq(outbox.incidentId, incidentId),
        eq(outbox.channel, channel),
        eq(outbox.state, "delivered"),
        gt(outbox.deliveredAt, new Date(clock.now() - DAY_MS)),
      ),
    );
  return rows.flatMap(({ message, at }) => {
    const { incident } = message as Message;
    return isPage(message as Message)
      ? { severity: incident.severity, occurrence: incident.occurrence, at: at?.getTime() ?? 0 }
      : [];
  });
}
