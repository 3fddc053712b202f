import type { Transaction } from "../store/connect.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { incidentKey } from "./key.ts";
import { decide } from "./lifecycle.ts";
import { isFailing } from "./members.ts";
import { lockByCheck, lockByKey, type Place, previousOf } from "./rows.ts";
import type { Decision, IncidentRecord, Rules, Situation } from "./types.ts";

export interface Change {
  before: IncidentRecord | null;
  decision: Decision;
}

interface VerdictInput {
  event: VerdictEvent;
  /** Epoch ms. */
  at: number;
  /** The id of the incident if one begins. */
  id: string;
  situation: Situation | null;
  rules: Rules;
}

/**
 * Decides what a verdict changes. It speaks to the unclosed incidents its check has a part in; a failure that none of
 * them takes up goes to the incident of its key, which may be a new one.
 */
export async function applyVerdict(
  tx: Transaction,
  place: Place,
  { event, at, id, situation, rules }: VerdictInput,
): Promise<Change[]> {
  const key = incidentKey(event);
  const input = { type: "verdict" as const, at, verdict: event, id, key, previous: null, situation };
  const changes: Change[] = [];
  let takenUp = event.to === "UP" || event.to === "UNKNOWN";
  for (const before of await lockByCheck(tx, place, event)) {
    const decision = movedOn(before, event, key) ? DROP : decide(before, input, rules);
    const member = decision.state?.members[event.checkId];
    takenUp ||= member !== undefined && member.verdict !== "UP";
    changes.push({ before, decision });
  }
  if (takenUp) return changes;
  const before = await lockByKey(tx, place, key, at);
  const previous = before ? null : await previousOf(tx, place, key, at);
  return [...changes, { before, decision: decide(before, { ...input, previous }, rules) }];
}

const DROP: Decision = { state: null, effects: [{ type: "drop" }] };

/** A suspicion whose check turned out to fail in another way. */
function movedOn(before: IncidentRecord, event: VerdictEvent, key: string): boolean {
  return before.state === "suspect" && before.key !== key && isFailing({ verdict: event.to });
}
