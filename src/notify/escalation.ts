import type { Severity } from "../contract/incident.ts";
import { formatDuration } from "../core/duration.ts";
import { isFailing, type Message } from "./message.ts";
import { type Escalate, type Level, levelsOf, openHour } from "./routing.ts";

/** How far the calls of an incident have come. `since` (epoch ms): the first call at this severity. */
export interface Standing {
  severity: Severity;
  since: number;
  /** The highest level that was called. */
  level: number;
  reminders: number;
}

/** People who are to be called again about an incident. */
export interface Call {
  kind: "escalated" | "reminder";
  channels: string[];
  text: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const REMIND_MS: Record<Severity, readonly number[]> = {
  SEV1: [30 * MINUTE_MS, 120 * MINUTE_MS],
  SEV2: [30 * MINUTE_MS, 120 * MINUTE_MS],
  SEV3: [],
};
/** When the only level there is is called again, ms after the first call: within this a person should have acknowledged. */
const AGAIN_MS: Record<Severity, readonly number[]> = {
  SEV1: [5 * MINUTE_MS, 15 * MINUTE_MS],
  SEV2: [15 * MINUTE_MS],
  SEV3: [],
};

/**
 * Who is called next about an incident, as `message` says how it stands now: each level whose time has come (a policy of one level
 * calls it again, SEV1 after 5 and 15 min, SEV2 after 15 min), and reminders after 30 min, 2 h and then daily (SEV3: daily). An acknowledgement holds both back as long as it lasts; a recovery ends them (what
 * fails and passes in turn has not recovered), a rise of the severity begins them anew, and what becomes critical while its first call waits for its hours calls at once.
 */
export function callsFor(
  before: Standing | undefined,
  {
    message,
    escalate,
    channels,
    now,
  }: { message: Message; escalate: Escalate; channels: readonly string[]; now: number },
): { standing: Standing | undefined; calls: Call[] } {
  const { severity, critical, acknowledged, flapping } = message.incident;
  if (!isFailing(message)) return { standing: flapping ? before : undefined, calls: [] };
  if (before === undefined || before.severity !== severity) {
    const since = critical || severity === "SEV1" ? now : openHour(severity, escalate, now);
    return { standing: { severity, since, level: 0, reminders: 0 }, calls: [] };
  }
  if (acknowledged) return { standing: before, calls: [] };
  if (critical && before.since > now) {
    const first = levelsOf(severity, escalate, channels)[0]?.to ?? [];
    const text = `something critical fails now: ${message.text}`;
    return { standing: { ...before, since: now }, calls: [{ kind: "escalated", channels: [...first], text }] };
  }
  const levels = withRepeats(severity, levelsOf(severity, escalate, channels));
  const standing = { ...before };
  const calls: Call[] = [];
  const isDue = ({ after }: Level) => now - before.since >= after;
  for (const [index, level] of levels.entries()) {
    if (index <= before.level || !isDue(level)) continue;
    standing.level = index;
    const next = levels[index + 1];
    // After a time without a daemon the same people are called once.
    if (next?.to === level.to && isDue(next)) continue;
    const { to, after } = level;
    const text = `nobody has acknowledged it within ${formatDuration(after)}: ${message.text}`;
    calls.push({ kind: "escalated", channels: [...to], text });
  }
  while (now - before.since >= reminderAt(severity, standing.reminders)) standing.reminders += 1;
  if (standing.reminders > before.reminders && calls.length === 0) {
    const told = levels.slice(0, standing.level + 1).flatMap(({ to }) => to);
    calls.push({ kind: "reminder", channels: [...new Set(told)], text: `it still fails: ${message.text}` });
  }
  return { standing, calls };
}

function withRepeats(severity: Severity, levels: readonly Level[]): readonly Level[] {
  const [only, ...others] = levels;
  if (only === undefined || only.to.length === 0 || others.length > 0) return levels;
  return [only, ...AGAIN_MS[severity].map((after) => ({ to: only.to, after }))];
}

/** When the reminder after `given` ones is due, ms after the first call. */
function reminderAt(severity: Severity, given: number): number {
  const first = REMIND_MS[severity];
  return first[given] ?? (given - first.length + 1) * DAY_MS;
}
