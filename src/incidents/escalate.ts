import { addAction, concludeAction, type Draft, log, raise, tell } from "./draft.ts";
import { isAcknowledged } from "./members.ts";
import { CALL_A_PERSON } from "./rung.ts";

/** Healing rests, whatever it was about to do. */
function stopHealing(draft: Draft, reason: string) {
  const { record } = draft;
  concludeAction(draft, "skipped", reason);
  record.state = "open";
  Object.assign(record.healing, { phase: "done", until: null, reason });
}

/** There is nothing to heal: the news that it opened is the call. */
export function leaveToPeople(draft: Draft, reason: string) {
  const { record } = draft;
  stopHealing(draft, reason);
  record.escalated ||= record.severity !== "SEV3" && record.suppressed === null;
  log(draft, { kind: "note", text: `left to people: ${reason}` });
}

/** Nothing more is tried; a person is called, except for a small matter that healing was never meant for. */
export function giveUp(draft: Draft, reason: string) {
  const { record } = draft;
  const { healing } = record;
  stopHealing(draft, reason);
  if (record.severity === "SEV3" && !healing.failed) {
    return void log(draft, { kind: "note", text: `left to people: ${reason}` });
  }
  if (record.escalated || record.suppressed !== null)
    log(draft, { kind: "note", text: `healing has stopped: ${reason}` });
  escalate(draft, reason);
}

/**
 * Calls a person, once an occurrence; who acknowledged already is told that the machine has stopped, nobody else is called. What is kept
 * quiet calls nobody, and does so once it is not any more.
 */
export function escalate(draft: Draft, reason: string) {
  const { record, at } = draft;
  if (record.escalated) return;
  raise(draft, "SEV2", reason);
  if (record.suppressed !== null) {
    record.suppressed.missed = true;
    return;
  }
  if (isAcknowledged(record, at)) {
    if (record.healing.handed) return;
    record.healing.handed = true;
    const text = `${record.acknowledged?.actor} has it, nobody else is called: ${reason}`;
    return tell(draft, "update", { kind: "note", text });
  }
  record.escalated = true;
  // Where there is nothing to heal, calling a person is no step of healing.
  if (record.service !== null)
    addAction(draft, { remedy: "escalate", step: CALL_A_PERSON, outcome: "succeeded", detail: reason });
  tell(draft, "escalated", { kind: "escalated", text: `a person is needed: ${reason}` });
}

/** Once nobody holds an acknowledgement any more, trouble that was given up is put before people again. */
export function remind(draft: Draft) {
  const { record, at } = draft;
  if (record.escalated || record.suppressed !== null || record.severity === "SEV3" || isAcknowledged(record, at))
    return;
  escalate(draft, record.healing.reason ?? "it still fails");
}
