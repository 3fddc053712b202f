import type { IncidentEvent, IncidentTimes } from "../contract/incident.ts";

const ENDS = ["recovering", "resolved"];

/**
 * How long the checks of an occurrence failed, without the time in which they passed between two failures. `onset` (epoch ms) is when
 * it began; an event that says when it failed again has that as `data.onset`.
 */
export function downtimeOf(
  timeline: readonly Pick<IncidentEvent, "at" | "kind" | "data">[],
  onset: number,
): NonNullable<IncidentTimes["downtime"]> {
  const begin = timeline.findLastIndex(({ kind }) => kind === "reopened") + 1;
  let since: number | null = onset;
  let endedMs = 0;
  for (const { at, kind, data } of timeline.slice(begin)) {
    if (ENDS.includes(kind) && since !== null) {
      endedMs += Math.max(0, Date.parse(at) - since);
      since = null;
    }
    if (kind === "failed-again") since ??= Date.parse(typeof data.onset === "string" ? data.onset : at);
  }
  return { endedMs, since: since === null ? null : new Date(since).toISOString() };
}
