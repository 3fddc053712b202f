import { parseDuration } from "../core/duration.ts";
import { badUsage } from "./failure.ts";

/** `3d`, or a time such as `2026-12-01T08:00` (on this machine's clock unless it names a zone), as ISO 8601 in UTC; else an `SM-USAGE`. */
export function untilTime(text: string, now = Date.now()): string {
  const ms = parseDuration(text);
  const at = ms === undefined && /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : now + (ms ?? Number.NaN);
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw badUsage(`"${text}" is neither a time nor a duration`, "write 3d, 12h or 2026-12-01T08:00");
}
