import { ExternalError, toKnownError } from "../core/errors.ts";
import { clip } from "../core/text.ts";
import { eq, inArray } from "../store/drizzle.ts";
import { outbox } from "../store/tables/incidents.ts";
import type { Channel } from "./channel.ts";
import type { Claimed } from "./claim.ts";
import { withDeadline } from "./deadline.ts";
import { SendFailure } from "./failure.ts";
import type { Message } from "./message.ts";
import type { OutboxOptions } from "./options.ts";
import { isPage, nextAttempt } from "./routing.ts";
import { storedThread } from "./thread.ts";

/** Shorter than a claim lasts, longer than a channel's own deadline. */
const ATTEMPT_MS = 15_000;
const LONGEST_ERROR = 300;

interface Delivery {
  name: string;
  channel: Channel;
  /** The first tells of the others. */
  bundle: readonly Claimed[];
  stopping: AbortSignal;
}

/** Tries a message and records how it went; answers whether another channel is to be called at once. Throws only when the store fails. */
export async function deliver(options: OutboxOptions, { name, channel, bundle, stopping }: Delivery): Promise<boolean> {
  const { store, clock } = options;
  const [lead, ...others] = bundle;
  if (lead === undefined) return false;
  const messages = channel.apart ? bundle.map(({ message }) => message) : [together(lead.message, others)];
  const failure = await attempt(options, { name, channel, messages, stopping });
  if (stopping.aborted && failure !== undefined) {
    const ids = bundle.map(({ id }) => id);
    await store.db.update(outbox).set({ claimedUntil: null }).where(inArray(outbox.id, ids));
    return false;
  }
  const now = clock.now();
  const isOneOfSeveral = messages.length > 1;
  let isUrgent = false;
  for (const item of bundle) {
    const toldWith = item === lead ? null : lead.id;
    const change =
      failure === undefined
        ? {
            state: "delivered" as const,
            attempts: item.attempts + 1,
            arrived: true,
            deliveredAt: new Date(now),
            error: null,
            handOnAt: null,
            toldWith,
          }
        : await afterFailure(options, name, { item, failure, isOneOfSeveral, now });
    await store.db
      .update(outbox)
      .set({ claimedUntil: null, ...change })
      .where(eq(outbox.id, item.id));
    isUrgent ||= failure !== undefined && change.handOnAt !== undefined && change.handOnAt !== null;
  }
  return isUrgent;
}

function together(message: Message, others: readonly Claimed[]): Message {
  if (others.length === 0) return message;
  const also = others.map(({ message: { incident, text } }) => {
    const { id, severity, service } = incident;
    return { id, severity, service, text };
  });
  return { ...message, also };
}

async function attempt(
  options: OutboxOptions,
  { name, channel, messages, stopping }: Pick<Delivery, "name" | "channel" | "stopping"> & { messages: Message[] },
): Promise<unknown> {
  try {
    const send = (message: Message) => {
      const thread = storedThread(options.store, message.incident.id, name);
      return withDeadline((signal) => channel.send(message, signal, thread), ATTEMPT_MS, stopping);
    };
    const refused = (await Promise.allSettled(messages.map(send))).find(({ status }) => status === "rejected");
    if (refused !== undefined) throw (refused as PromiseRejectedResult).reason;
    return undefined;
  } catch (error) {
    if (!(error instanceof SendFailure && error.partly)) return error ?? new Error("no reason given");
    await tellOfOthers(options, name, messages[0], error);
    return undefined;
  }
}

/** Some of its readers have it: who has not is told to those who look after it. */
async function tellOfOthers(
  { report, audit, redact }: OutboxOptions,
  channel: string,
  message: Message | undefined,
  failure: SendFailure,
): Promise<void> {
  report?.(failure);
  if (message === undefined) return;
  const detail = { channel, event: message.event, kind: message.kind, why: redact(failure.message) };
  const entry = { actor: "stationmaster", action: "notify.partly-refused", subject: message.incident.id, detail };
  await audit?.(entry).catch((error: unknown) => report?.(error));
}

async function afterFailure(
  options: OutboxOptions,
  channel: string,
  /** `isOneOfSeveral`: another one of its bundle may be what failed. */
  { item, failure, isOneOfSeveral, now }: { item: Claimed; failure: unknown; isOneOfSeveral: boolean; now: number },
) {
  const { redact } = options;
  const attempts = item.attempts + 1;
  const error = clip(redact(toKnownError(failure).message), LONGEST_ERROR);
  const { retryAfterMs, isRefused, isFinal } = natureOf(failure);
  // Once: a page is handed on when it is refused for the first time, or when its minute is over.
  const handOnAt = isRefused && item.attempts === 0 && isPage(item.message) ? { handOnAt: new Date(now) } : {};
  const next = isFinal ? undefined : nextAttempt({ attempts, createdAt: item.createdAt, now, atLeastMs: retryAfterMs });
  const arrived = item.arrived || !isRefused || isOneOfSeveral;
  if (next !== undefined) return { attempts, arrived, error, nextAt: new Date(next), ...handOnAt };
  await giveUp(
    options,
    channel,
    item.message,
    isFinal ? `it was refused: ${error}` : `it was given up after 24 h: ${error}`,
  );
  return { attempts, arrived, error, state: "dead" as const, ...handOnAt };
}

function natureOf(failure: unknown) {
  if (failure instanceof SendFailure)
    return { retryAfterMs: failure.retryAfterMs, isRefused: failure.isRefused, isFinal: !failure.retryable };
  return { retryAfterMs: undefined, isRefused: false, isFinal: false };
}

/** Tells that nobody gets a message by a channel. */
export async function giveUp(
  { report, audit }: OutboxOptions,
  channel: string,
  message: Message,
  why: string,
): Promise<void> {
  const { id } = message.incident;
  report?.(
    new ExternalError({
      code: "SM-NOTIFY-GIVEN-UP",
      message: `a message of incident ${id} reached nobody by ${channel}: ${why}`,
      next: "correct the channel under notify",
    }),
  );
  const detail = { channel, event: message.event, kind: message.kind, why };
  await audit?.({ actor: "stationmaster", action: "notify.given-up", subject: id, detail }).catch((error: unknown) =>
    report?.(error),
  );
}
