import { type Draft, log, setSeverity, tell } from "./draft.ts";
import { resolve } from "./ending.ts";
import { giveUp } from "./escalate.ts";
import { collectEvidence } from "./healing.ts";
import { acknowledgedFor, isAcknowledged } from "./members.ts";
import type { HealingPhase, LifecycleEvent } from "./types.ts";

type On<T extends LifecycleEvent["type"]> = Extract<LifecycleEvent, { type: T }>;

/** A flag: it keeps others from being called, and hides nothing. */
export function onAcknowledge(draft: Draft, { actor, note, at }: On<"acknowledge">) {
  const { record } = draft;
  const before = record.acknowledged;
  if (record.state === "suspect" || before?.at === at) return;
  const isMine = before?.actor === actor && isAcknowledged(record, at);
  record.acknowledged = {
    ...{ actor, at, until: at + acknowledgedFor(record.severity) },
    note: note ?? (isMine ? before.note : null),
  };
  record.acknowledgedAt ??= at;
  // Who has it already says nothing new to the others, unless there is another note.
  if (isMine && (note ?? before.note) === before.note)
    return void log(draft, { kind: "acknowledged", text: `${actor} still has it`, actor });
  const text = note ? `${actor} has it: ${note}` : `${actor} has it`;
  tell(draft, "acknowledged", { kind: "acknowledged", text, actor });
}

/** Up or down: from now on the rules raise it beyond what they said before only. */
export function onJudge(draft: Draft, { severity, actor, note }: On<"judge">) {
  const { record } = draft;
  const before = record.severity;
  if (record.state === "suspect" || severity === before) return;
  record.judged ??= before;
  setSeverity(draft, severity);
  const text = `${actor} set ${before} → ${severity}${note ? `: ${note}` : ""}`;
  tell(draft, "severity", { kind: "severity", text, actor, data: { from: before, to: severity } });
}

/** What is under way may still be stopped; an action that touches the service is seen to its end. */
const NOT_BEGUN: readonly HealingPhase[] = ["evidence", "choosing", "waiting", "proposed"];

/** Nothing is healed until a person says so. */
export function onFreeze(draft: Draft, { frozen, actor }: On<"freeze">) {
  const { record } = draft;
  const { healing } = record;
  if (record.state === "suspect" || record.frozen === frozen) return;
  record.frozen = frozen;
  log(draft, {
    kind: frozen ? "frozen" : "unfrozen",
    text: frozen ? `${actor} stopped healing` : `${actor} allowed healing again`,
    actor,
  });
  if (frozen && NOT_BEGUN.includes(healing.phase)) return giveUp(draft, `healing was stopped by ${actor}`);
  if (frozen || record.state !== "open" || healing.phase !== "done" || record.reportedBy !== null) return;
  healing.reason = null;
  healing.failed = false;
  collectEvidence(draft);
}

/** Ends the review; an incident without checks ends by it, since nothing else says that it is over. */
export function onClose(draft: Draft, { actor, note }: On<"close">) {
  const { record, at } = draft;
  if (record.state === "closed" || record.state === "suspect") return;
  if (record.state === "review" || record.state === "resolved") {
    record.state = "closed";
    record.closedAt = at;
    return void log(draft, { kind: "closed", text: `${actor} closed it: ${note}`, actor });
  }
  if (Object.keys(record.members).length > 0) return;
  record.mitigatedAt = at;
  resolve(draft, `${actor} ended it: ${note}`, actor);
}
