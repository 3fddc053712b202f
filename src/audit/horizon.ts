import { formatDuration } from "../core/duration.ts";
import { plural } from "../core/plural.ts";

const DAY_MS = 24 * 3_600_000;
/** From here on an end is told apart. */
const SOON_DAYS = 30;

/** Whether something ends within 30 days of `now`, or has ended (both ISO). */
export function endsSoon(end: string | null, now: string): boolean {
  return end !== null && daysUntil(end, now) <= SOON_DAYS;
}

/** `until 2026-12-12 (in 90 days)`, with a warning from 30 days on. */
export function horizonText(end: string, now: string): string {
  const days = Math.floor(daysUntil(end, now));
  const when = days < 0 ? `ended ${plural(-days, "day")} ago` : `in ${plural(days, "day")}`;
  const text = `until ${end.slice(0, 10)} (${when})`;
  return endsSoon(end, now) ? `**${text}: renew it**` : text;
}

/** `3 h 5 min ago`. */
export function ageText(at: string, now: string): string {
  return `${formatDuration(Math.max(Date.parse(now) - Date.parse(at), 0))} ago`;
}

function daysUntil(end: string, now: string): number {
  return (Date.parse(end) - Date.parse(now)) / DAY_MS;
}
