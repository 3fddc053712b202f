import colors from "picocolors";
import type { Silence } from "../contract/silence.ts";
import { formatDuration } from "../core/duration.ts";
import { localTime } from "./output.ts";

/** `service=api severity=SEV3`; `everything` where nothing is named. */
export function matcherText({ matcher }: Pick<Silence, "matcher">): string {
  const pairs = Object.entries(matcher).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "everything" : pairs.join(" ");
}

/** `until 12:00`, or `0 2 * * 0 UTC for 2 h, until …`. */
export function spanText({ recurrence, until }: Pick<Silence, "recurrence" | "until">): string {
  const end = until === null ? [] : [`until ${localTime(until)}`];
  if (recurrence === null) return end.join("");
  const { cron, zone, durationMs } = recurrence;
  return [`${cron} ${zone} for ${formatDuration(durationMs)}`, ...end].join(", ");
}

/** What a silence that was just added does: when it holds, what it is about, and how it is ended. */
export function addedText(silence: Silence, now = Date.now()): string {
  const { id, active, recurrence, checks } = silence;
  const standing = standingOf(silence, now);
  const begin = active ? "holds" : standing === "–" ? "never holds" : `holds ${standing}`;
  const when = `${id} ${begin}${active && recurrence === null ? " " : ", "}${spanText(silence)}`;
  const about = checks.length === 0 ? [] : [`it is about ${checks.join(", ")}`];
  const effect = "what begins to fail opens no incident, calls nobody and is not healed while it holds";
  return [when, ...about, effect, `stationmaster silence end ${id} ends it`].join("\n");
}

/** `holds`, `holds from 12:00` for what is to come, `over`, or `–`. */
export function standingOf({ active, from, until, endedAt, nextAt }: Silence, now = Date.now()): string {
  if (active) return "holds";
  if (endedAt !== undefined || (until !== null && Date.parse(until) <= now)) return "over";
  const next = nextAt === undefined ? from : nextAt;
  return next === null ? "–" : `from ${localTime(next)}`;
}

/** What holds now, a line each. */
export function silenceLines(silences: readonly Silence[]): string[] {
  return silences
    .filter(({ active }) => active)
    .map((item) => colors.yellow(`${item.kind}: ${matcherText(item)} ${spanText(item)}: ${item.reason} (${item.id})`));
}
