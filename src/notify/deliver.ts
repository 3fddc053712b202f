import { ExternalError, toKnownError } from "../core/errors.ts";
import { clip } from "../core/text.ts";
import { eq } from "../store/drizzle.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Channel } from "./channel.ts";
import type { Claimed } from "./claim.ts";
import { withDeadline } from "./deadline.ts";
import type { OutboxOptions } from "./options.ts";
import { nextAttempt } from "./routing.ts";

/** Shorter than a claim lasts, longer than a channel's own deadline. */
const ATTEMPT_MS = 15_000;
const LONGEST_ERROR = 300;

/** Tries one message and records how it went. Throws only when the store fails. */
export async function deliver(
  options: OutboxOptions,
  channel: Channel,
  item: Claimed,
  stopping: AbortSignal,
): Promise<void> {
  const { store, clock } = options;
  const failure = await attempt(channel, item, stopping);
  const now = clock.now();
  const change =
    failure === undefined
      ? { state: "delivered" as const, attempts: item.attempts + 1, deliveredAt: new Date(now), error: null }
      : stopping.aborted
        ? {}
        : afterFailure(options, item, failure, now);
  await store.db
    .update(outbox)
    .set({ claimedUntil: null, ...change })
    .where(eq(outbox.id, item.id));
}

async function attempt(channel: Channel, { message }: Claimed, stopping: AbortSignal): Promise<string | undefined> {
  try {
    await withDeadline((signal) => channel.send(message, signal), ATTEMPT_MS, stopping);
    return undefined;
  } catch (error) {
    return toKnownError(error).message;
  }
}

function afterFailure({ redact, report }: OutboxOptions, item: Claimed, failure: string, now: number) {
  const attempts = item.attempts + 1;
  const error = clip(redact(failure), LONGEST_ERROR);
  const next = nextAttempt({ attempts, createdAt: item.createdAt, now });
  if (next !== undefined) return { attempts, error, nextAt: new Date(next) };
  report?.(
    new ExternalError({
      code: "SM-NOTIFY-GIVEN-UP",
      message: `a message of incident ${item.message.incident.id} was given up after 24 h: ${error}`,
      next: "correct the channel under notify",
    }),
  );
  return { attempts, error, state: "dead" as const };
}
