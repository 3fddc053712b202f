import { isOver } from "../contract/incident.ts";
import type { Transaction } from "../store/connect.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { gather, joinStorm } from "./gather.ts";
import { incidentKey } from "./key.ts";
import { decide } from "./lifecycle.ts";
import { isFailing } from "./members.ts";
import type { Situation } from "./outlook.ts";
import { earlierOf, lockByCheck, lockByKey, type Place } from "./rows.ts";
import type { Change, Decision, IncidentRecord, LifecycleEvent, Rules } from "./types.ts";

type Verdict = Extract<LifecycleEvent, { type: "verdict" }>;

interface VerdictInput extends Required<Pick<Verdict, "holds" | "needs" | "flap">> {
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
 * them takes up goes to the incident of its key, which may be a new one. One that opens together with others becomes part of
 * the incident that stands for them.
 */
export async function applyVerdict(
  tx: Transaction,
  place: Place,
  { event, rules, ...around }: VerdictInput,
): Promise<Change[]> {
  const { at, holds } = around;
  const key = incidentKey(event);
  let input: Verdict = { type: "verdict", verdict: event, key, previous: null, ...around };
  const changes: Change[] = [];
  let takenUp = event.to === "UP" || event.to === "UNKNOWN";
  for (const before of await lockByCheck(tx, place, event)) {
    const decision = movedOn(before, event, key) ? DROP : decide(before, input, rules);
    const member = decision.state?.members[event.checkId];
    takenUp ||= member !== undefined && member.verdict !== "UP";
    changes.push({ before, decision });
  }
  if (!takenUp) {
    const known = await lockByKey(tx, place, key, at);
    // What is kept quiet opens again later if at all, and then as an incident of its own.
    const before = known && isOver(known.state) && holds.length > 0 ? null : known;
    if (before === null) input = { ...input, ...(await earlierOf(tx, place, key, at)) };
    changes.push({ before, decision: decide(before, input, rules) });
  }
  const opened = changes.find(hasOpened);
  const storm = opened?.decision.state ? await joinStorm(tx, place, opened.decision.state) : null;
  if (!opened || storm === null) return changes;
  const mine = storm.head === opened.decision.state?.id ? null : storm;
  const decision = mine ? decide(opened.before, { ...input, storm: mine }, rules) : opened.decision;
  const rest = changes.filter((change) => change !== opened);
  return [...rest, ...gather({ before: opened.before, decision }, storm, rules, at)];
}

/** Whether it was nobody's business before, and now is. */
function hasOpened({ before, decision: { state } }: Change): boolean {
  return state?.state === "open" && (before === null || before.state === "suspect");
}

const DROP: Decision = { state: null, effects: [{ type: "drop" }] };

/** A suspicion whose only check turned out to fail in another way; what else fails by then has no other incident. */
function movedOn({ state, key: suspected, members }: IncidentRecord, event: VerdictEvent, key: string): boolean {
  if (state !== "suspect" || suspected === key || !isFailing({ verdict: event.to })) return false;
  return !Object.entries(members).some(([id, member]) => id !== event.checkId && isFailing(member));
}
