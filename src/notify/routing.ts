import type { Severity } from "../contract/incident.ts";

/** The manifest's `escalate`: channel names per severity. */
export type Escalate = Partial<Record<Severity, readonly string[]>>;

/**
 * The channels that hear of an incident: those of its severity (all for SEV1 and SEV2, none for SEV3 when nothing is
 * configured), and those that heard of it before, so that everyone who was told of trouble is told of its end.
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
  const wanted = new Set([...(escalate[severity] ?? (severity === "SEV3" ? [] : channels)), ...informed]);
  return channels.filter((channel) => wanted.has(channel));
}

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 15 * 60_000;
const GIVE_UP_MS = 24 * 3_600_000;

/** When the next attempt is due after `attempts` failed ones: 10 s, doubling to 15 min; undefined once the message is 24 h old. */
export function nextAttempt({
  attempts,
  createdAt,
  now,
}: {
  attempts: number;
  createdAt: number;
  now: number;
}): number | undefined {
  if (now - createdAt >= GIVE_UP_MS) return undefined;
  return now + Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10), LONGEST_RETRY_MS);
}
