import { formatDuration } from "../core/duration.ts";
import type { Choice } from "./choose.ts";
import { ladderOf, modeOf } from "./choose.ts";
import { addAction, concludeAction, type Draft, log, tell } from "./draft.ts";
import { giveUp } from "./escalate.ts";
import { stepOf } from "./rung.ts";
import type { LifecycleEvent, Remedy, Rules } from "./types.ts";

const PROPOSAL_MS = 30 * 60_000;

/** What a person is asked to allow: the remedy and, where it cannot be carried out yet, why. What only has to be waited for delays no proposal. */
export function proposalOf({ next }: Choice): { remedy: Remedy; waits: string | null } | null {
  if (next.type === "act") return { remedy: next.remedy, waits: null };
  if (next.type === "pace") return { remedy: next.remedy, waits: "what the last restart stirred up settles first" };
  if (next.type === "veto" && next.veto.kind === "wait") return { remedy: next.remedy, waits: next.veto.reason };
  return null;
}

/** Puts the plan before people. It rests on the evidence collected before and is valid for 30 min. */
export function propose(draft: Draft, { remedy, waits }: { remedy: Remedy; waits: string | null }, rules: Rules): void {
  const { record, at } = draft;
  const { healing } = record;
  const plan = ladderOf(record, rules).slice(healing.step).join(", then ");
  healing.phase = "proposed";
  healing.until = at + PROPOSAL_MS;
  healing.remedy = remedy;
  const step = stepOf(record, remedy, rules);
  healing.action = addAction(draft, { remedy, step, outcome: "proposed", detail: plan });
  const why =
    modeOf(record, rules) === "propose"
      ? `${record.environment} heals on a person's word`
      : "it reaches further than the service";
  const later = waits === null ? "" : `; once approved it waits: ${waits}`;
  tell(draft, "proposal", {
    kind: "proposed",
    text: `proposed: ${plan}; valid for ${formatDuration(PROPOSAL_MS)}, since ${why}; an approval holds until the checks pass: stationmaster approve ${record.id}${later}`,
    data: { evidence: healing.evidenceSeq, until: new Date(healing.until).toISOString(), waits },
  });
}

/** A person said no, perhaps to what was approved and still waits. Nothing mends it by itself then, so people are called unless somebody has it. */
export function onDecline(draft: Draft, { actor, reason }: Extract<LifecycleEvent, { type: "decline" }>): void {
  const { healing } = draft.record;
  if (healing.action === null || (healing.phase !== "proposed" && healing.phase !== "waiting")) return;
  const text = `${actor} declined the plan: ${reason}`;
  concludeAction(draft, "declined", text);
  log(draft, { kind: "declined", text, actor });
  healing.failed = true;
  giveUp(draft, text);
}
