import type { HealingPlan } from "../contract/healing.ts";
import { type Choice, choose, ladderOf, modeOf } from "./choose.ts";
import { allUp, graceFor } from "./members.ts";
import type { Outlook } from "./outlook.ts";
import { nameOf, RESTARTS, restartNumber, stepOf } from "./rung.ts";
import type { HealingPhase, IncidentRecord, Rules } from "./types.ts";

const UNDER_WAY: readonly HealingPhase[] = ["acting", "verifying", "proving"];

/** What the healing of an incident would do next, by the same rules that decide on it. `at` in epoch ms. */
export function planOf(record: IncidentRecord, outlook: Outlook, rules: Rules, at: number): HealingPlan {
  const { healing, id, service } = record;
  const isUnderWay = UNDER_WAY.includes(healing.phase);
  // What is under way is not what comes next.
  const ahead = isUnderWay ? { ...record, healing: { ...healing, step: healing.step + 1 } } : record;
  const { situation, ...limits } = outlook;
  const well = record.state === "monitoring" && allUp(record);
  const choice = well
    ? { step: healing.step, refused: [], next: { type: "exhausted" as const } }
    : situation === null
      ? unseen(ahead, rules)
      : choose({ ...limits, record: ahead, situation, rules, at });
  const { next, step } = choice;
  const evidence = healing.evidenceSeq === null ? null : `${id}#${healing.evidenceSeq}`;
  const bootMs = situation?.bootMs ?? healing.bootMs;
  // The one under way may not have taken its ticket yet.
  const begun = isUnderWay && healing.remedy === "restart" ? (healing.restart ?? 0) : 0;
  const restart = restartNumber(Math.min(outlook.restartsLeft, RESTARTS - begun));
  const there = { ...ahead, healing: { ...ahead.healing, step, bootMs, restart } };
  return {
    ...{ incident: id, service, phase: healing.phase },
    mode: modeOf(record, rules),
    stopped: healing.phase === "done" ? (healing.reason ?? "nothing more is tried") : null,
    well,
    underWay: isUnderWay && healing.remedy ? nameOf(record, healing.remedy) : null,
    next:
      next.type === "exhausted"
        ? null
        : {
            remedy: next.remedy,
            step: stepOf(there, next.remedy, rules),
            rung: step,
            name: nameOf(there, next.remedy),
            evidence,
            graceMs: graceFor(there, next.remedy, rules),
          },
    after: well ? [] : [...ladderOf(record, rules).slice(step + 1)],
    refused: choice.refused.map(({ remedy, reason }) => ({ remedy, reason })),
    veto: next.type === "veto" ? { rule: next.veto.rule, reason: next.veto.reason } : null,
    notBefore: next.type === "pace" ? new Date(next.until).toISOString() : null,
    validUntil: healing.phase === "proposed" && healing.until ? new Date(healing.until).toISOString() : null,
    left: {
      restarts: outlook.restartsLeft,
      actionsThisHour: outlook.actionsLeft.hour,
      actionsToday: outlook.actionsLeft.day,
    },
  };
}

function unseen(record: IncidentRecord, rules: Rules): Choice {
  const { step } = record.healing;
  const remedy = record.service === null ? undefined : ladderOf(record, rules)[step];
  if (remedy === undefined) return { step, refused: [], next: { type: "exhausted" } };
  const veto = { rule: "unseen", kind: "wait", reason: "the situation could not be found out" } as const;
  return { step, refused: [], next: { type: "veto", remedy, veto } };
}
