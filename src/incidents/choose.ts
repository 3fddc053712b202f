import { isAuth } from "./classes.ts";
import { type GuardInput, isProduction, type Veto, veto } from "./guard.ts";
import { failing, timingOf } from "./members.ts";
import type { IncidentRecord, Remedy, Rules, Situation } from "./types.ts";

const DEFAULT_LADDER: readonly Remedy[] = ["clear-sessions", "restart", "restart", "redeploy"];
const DEPLOY_BEFORE_ONSET_MS = 60 * 60_000;

interface ChooseInput extends Omit<GuardInput, "remedy"> {
  restartsLeft: number;
}

/** The next move. `refused`: rungs that were due and may not be used; `step` is the rung after the ones passed over. */
export interface Choice {
  step: number;
  refused: { remedy: Remedy; reason: string /** The limit is used up. */; spent: boolean }[];
  next:
    | {
        type: "act";
        remedy: Remedy /** Call a person at the same time: no restart is left after this. */;
        last: boolean;
      }
    | { type: "pace"; until: number }
    | { type: "veto"; veto: Veto }
    | { type: "exhausted" };
}

/** Climbs the ladder from the current rung to the first that applies and passes the guard. */
export function choose(input: ChooseInput): Choice {
  const { record, situation, rules, at, restartsLeft } = input;
  const ladder = ladderOf(record, rules);
  const refused: Choice["refused"] = [];
  let step = record.healing.step;
  while (step < ladder.length) {
    const remedy = ladder[step] as Remedy;
    if (!applies(remedy, record, situation, rules)) {
      step += 1;
      continue;
    }
    const objection = veto({ ...input, remedy });
    if (objection && objection.kind !== "unfit") return { step, refused, next: { type: "veto", veto: objection } };
    const budget = remedy === "restart" && restartsLeft <= 0 ? "the 2 restarts of this hour are used" : undefined;
    const reason = objection?.reason ?? budget;
    if (reason !== undefined) {
      if (!refused.some((other) => other.remedy === remedy))
        refused.push({ remedy, reason, spent: budget !== undefined });
      step += 1;
      continue;
    }
    const paced = remedy === "restart" ? restartDue(record, rules) : at;
    if (paced > at) return { step, refused, next: { type: "pace", until: paced } };
    return {
      step,
      refused,
      next: { type: "act", remedy, last: remedy === "redeploy" && !ladder.includes("restart", step) },
    };
  }
  return { step, refused, next: { type: "exhausted" } };
}

/** The rungs for this incident. For slowness a restart is the second choice, so going back to the last release comes first. */
export function ladderOf(record: IncidentRecord, rules: Rules): readonly Remedy[] {
  const ladder = configOf(record, rules)?.ladder ?? DEFAULT_LADDER;
  if (record.family !== "latency") return ladder;
  return [...ladder.filter((remedy) => remedy === "redeploy"), ...ladder.filter((remedy) => remedy !== "redeploy")];
}

/** Whether a person has to allow the plan first. */
export function mustPropose(record: IncidentRecord, rules: Rules): boolean {
  const mode = configOf(record, rules)?.mode ?? (isProduction(rules.environment) ? "propose" : "act");
  return mode === "propose" && record.healing.approvedBy === null;
}

function configOf(record: IncidentRecord, rules: Rules) {
  return record.service === null ? undefined : rules.remedies[record.service];
}

function applies(remedy: Remedy, record: IncidentRecord, situation: Situation, rules: Rules): boolean {
  const members = failing(record);
  if (record.service === null || (members.length > 0 && members.every((member) => member.verdict === "INTERMITTENT")))
    return false;
  if (remedy === "clear-sessions")
    return configOf(record, rules)?.clear_sessions !== undefined && members.some((member) => isAuth(member.class));
  if (remedy === "restart") return true;
  const { lastDeployAt, previousGood } = situation;
  if (record.healing.redeployed || previousGood === null || lastDeployAt === null) return false;
  return lastDeployAt <= record.failingSince && record.onset - lastDeployAt <= DEPLOY_BEFORE_ONSET_MS;
}

function restartDue(record: IncidentRecord, rules: Rules): number {
  const { lastRestartAt } = record.healing;
  return lastRestartAt === null ? 0 : lastRestartAt + timingOf(record, rules).betweenRestartsMs;
}
