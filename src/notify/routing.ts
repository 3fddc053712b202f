import type { EscalationConfig } from "../config/notify.ts";
import type { Severity } from "../contract/incident.ts";
import { nextOpen, parseHours } from "../core/work-hours.ts";
import { isFailing, type Message, type MessageKind } from "./message.ts";

/** The manifest's `escalate`: who is called per severity, level by level. */
export type Escalate = EscalationConfig;

/** People who are called together. */
export interface Level {
  to: readonly string[];
  /** After the first call, ms. */
  after: number;
}

/** Who is called for a severity: all channels for SEV1 and SEV2, none for SEV3, when nothing is configured. */
export function levelsOf(severity: Severity, escalate: Escalate, channels: readonly string[]): readonly Level[] {
  return escalate[severity]?.levels ?? [{ to: severity === "SEV3" ? [] : channels, after: 0 }];
}

/**
 * The channels that hear of an incident's event: those of the first level of its severity, and those that heard of it before, so
 * that everyone who was told of trouble is told of its end.
 */
export function channelsFor({
  severity,
  escalate,
  channels,
  informed,
}: {
  severity: Severity;
  escalate: Escalate;
  channels: readonly string[];
  informed: readonly string[];
}): string[] {
  const wanted = new Set([...(levelsOf(severity, escalate, channels)[0]?.to ?? []), ...informed]);
  return channels.filter((channel) => wanted.has(channel));
}

/** The channel that is called when `channel` does not take a page: the next one in the list of the severity. */
export function channelAfter(
  channel: string,
  { severity, escalate, channels }: { severity: Severity; escalate: Escalate; channels: readonly string[] },
): string | undefined {
  const order = levelsOf(severity, escalate, channels).flatMap(({ to }) => to);
  const index = order.indexOf(channel);
  return index < 0 ? undefined : order.slice(index + 1).find((other) => other !== channel && channels.includes(other));
}

/** A page that was not accepted for this long goes to another channel, too. */
export const HAND_ON_MS = 60_000;

const CALLS: readonly MessageKind[] = ["opened", "reopened", "severity", "proposal", "escalated", "reminder"];
const URGENT: readonly MessageKind[] = ["severity", "escalated"];
const BEGINNINGS: readonly MessageKind[] = ["opened", "reopened"];
const ENDINGS: readonly MessageKind[] = ["update", "acknowledged", "recovering", "resolved"];

/** Whether a message calls somebody, rather than telling those who were called how it goes on. */
export function isCall(kind: MessageKind): boolean {
  return CALLS.includes(kind);
}

/** The kind that it counts as when people are spared: one that calls nobody is an update. */
export function pacedAs({ kind, quiet }: Pick<Message, "kind" | "quiet">): MessageKind {
  return quiet === true ? "update" : kind;
}

/** What no throttle holds back. */
export function isUrgent(kind: MessageKind): boolean {
  return URGENT.includes(kind);
}

/** Whether a message wakes somebody: if the channel does not take it, another one is called. */
export function isPage({ kind, incident, quiet }: Message): boolean {
  return isCall(kind) && incident.severity !== "SEV3" && quiet !== true;
}

/** How long a beginning may turn out to be nothing before anybody hears of it, ms. */
const DELAY_MS: Record<Severity, number> = { SEV1: 0, SEV2: 30_000, SEV3: 5 * 60_000 };

/** When a message may be sent first (epoch ms): what is not critical calls in the hours of its policy only. */
export function dueAt({ kind, incident }: Message, escalate: Escalate, now: number): number {
  const { severity, critical } = incident;
  const at = BEGINNINGS.includes(kind) ? now + DELAY_MS[severity] : now;
  return isCall(kind) && !critical && severity !== "SEV1" ? openHour(severity, escalate, at) : at;
}

/** The first moment from `at` on in the hours of the severity's policy; `at` where it has none. */
export function openHour(severity: Severity, escalate: Escalate, at: number): number {
  const { hours } = escalate[severity] ?? {};
  return nextOpen((hours === undefined ? undefined : parseHours(hours)) ?? [], at);
}

/**
 * Why a message that reached nobody yet need not be sent any more; undefined when it is. `told`: whether the channel has heard of the
 * incident. The message says how it stands now.
 */
export function needless(message: Message, told: boolean): string | undefined {
  const { kind, incident } = message;
  if (kind === "notice" || kind === "test") return undefined;
  if (ENDINGS.includes(kind) && !told) return "nobody was told of the trouble";
  if (kind === "recovering" && isFailing(message)) return "it fails again";
  if (kind === "proposal" && (message.withdrawn || !isFailing(message))) return "there is nothing to approve any more";
  if (isAgain(message) && (incident.acknowledged || !isFailing(message))) return "nobody needs to be called any more";
  if (isCall(kind) && incident.severity !== "SEV1" && !isFailing(message)) return "it was over before its time came";
  return undefined;
}

function isAgain({ kind, turn = 0 }: Message): boolean {
  return kind === "reminder" || (kind === "escalated" && turn > 0);
}

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 15 * 60_000;
/** A message that nobody has taken for this long is given up. */
export const GIVE_UP_MS = 24 * 3_600_000;

/**
 * When the next attempt is due after `attempts` failed ones: 10 s, doubling to 15 min, or later where the receiver asks for it
 * (`atLeastMs`); undefined once the message is 24 h old.
 */
export function nextAttempt({
  attempts,
  createdAt,
  now,
  atLeastMs = 0,
}: {
  attempts: number;
  createdAt: number;
  now: number;
  atLeastMs?: number | undefined;
}): number | undefined {
  if (now - createdAt >= GIVE_UP_MS) return undefined;
  const pause = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10), LONGEST_RETRY_MS);
  return now + Math.max(pause, Math.min(atLeastMs, GIVE_UP_MS));
}
