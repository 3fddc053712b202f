import { formatDuration } from "../core/duration.ts";
import { type Draft, log, tell } from "./draft.ts";
import { onRecovered } from "./healing.ts";
import { isAcknowledged, quietFor } from "./members.ts";
import type { IncidentRecord, Rules } from "./types.ts";

/** The same trouble again this soon is the same incident. */
export const REOPEN_MS = 30 * 60_000;
const REVIEWED_SEV2_MS = 30 * 60_000;

/** All its checks pass: it is watched for a while. */
export function recover(draft: Draft, text: string, rules: Rules) {
  const { record, at } = draft;
  record.state = "monitoring";
  record.mitigatedAt = at;
  onRecovered(draft);
  const { worked, phase } = record.healing;
  const quietMs = quietFor(record, rules);
  record.healing.until = at + quietMs;
  const counts = phase === "proving" ? `; it counts once they have for ${formatDuration(quietMs)}` : "";
  tell(draft, "recovering", { kind: "recovering", text: worked ? `${worked} worked: ${text}${counts}` : text });
}

export function resolve(draft: Draft, text: string, actor: string | null = null) {
  const { record, at } = draft;
  record.state = "resolved";
  record.resolvedAt = at;
  record.healing.until = null;
  record.flapping = null;
  tell(draft, "resolved", { kind: "resolved", text, actor });
  record.suppressed = null;
}

/** Once the same trouble would be another incident, it is closed, or waits for its review. */
export function settle(draft: Draft) {
  const { record, at } = draft;
  if (record.state !== "resolved" || at - (record.resolvedAt ?? at) < REOPEN_MS) return;
  if (isReviewDue(record)) {
    record.state = "review";
    return void log(draft, {
      kind: "review",
      text: "a post-mortem is due; stationmaster incidents close ends the review",
    });
  }
  record.state = "closed";
  record.closedAt = at;
  log(draft, { kind: "closed", text: "closed" });
}

/** A post-mortem is due for SEV1, for SEV2 that lasted longer than 30 minutes, and for what keeps coming back. Times in epoch ms. */
export function isReviewDue({
  severity,
  recurring,
  onset,
  mitigatedAt,
  resolvedAt,
}: Pick<IncidentRecord, "severity" | "recurring" | "onset" | "mitigatedAt" | "resolvedAt">): boolean {
  const lasted = (mitigatedAt ?? resolvedAt ?? onset) - onset;
  return severity === "SEV1" || recurring || (severity === "SEV2" && lasted > REVIEWED_SEV2_MS);
}

/** Who had it has not mended it in time: others are called from now on. */
export function onAcknowledgementOver(draft: Draft) {
  const { record, at } = draft;
  if (record.acknowledged === null || isAcknowledged(record, at)) return;
  const { actor } = record.acknowledged;
  record.acknowledged = null;
  record.escalated = false;
  record.healing.handed = false;
  log(draft, { kind: "acknowledgement-over", text: `the time of ${actor} is over and it is not resolved` });
}
