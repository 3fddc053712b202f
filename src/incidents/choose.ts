import { RESTARTS_SPENT } from "./budget.ts";
import { BLAMED, changeScore } from "./change-score.ts";
import { type GuardInput, type Veto, veto } from "./guard.ts";
import { failing, isHealable, timingOf } from "./members.ts";
import type { Situation } from "./outlook.ts";
import { isRelief, RELIEF_REQUESTS, ruleOf } from "./remedy-classes.ts";
import type { IncidentRecord, Remedy, Rules } from "./types.ts";

const DEFAULT_LADDER: readonly Remedy[] = ["clear-sessions", "restart", "restart", "redeploy"];
/** Without their request these are no rungs at all. */
const ON_REQUEST: readonly Remedy[] = ["reconnect-pool", "drop-cache"];

export interface ChooseInput extends Omit<GuardInput, "remedy"> {
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
    | { type: "pace"; remedy: Remedy; until: number }
    | { type: "veto"; remedy: Remedy; veto: Veto }
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
    if (objection && objection.kind !== "unfit")
      return { step, refused, next: { type: "veto", remedy, veto: objection } };
    const budget = remedy === "restart" && restartsLeft <= 0 ? RESTARTS_SPENT : undefined;
    const reason = objection?.reason ?? budget;
    if (reason !== undefined) {
      if (!refused.some((other) => other.remedy === remedy))
        refused.push({ remedy, reason, spent: objection === undefined });
      step += 1;
      continue;
    }
    const paced = remedy === "restart" ? restartDue(record, rules) : at;
    if (paced > at) return { step, refused, next: { type: "pace", remedy, until: paced } };
    return {
      step,
      refused,
      next: { type: "act", remedy, last: remedy === "redeploy" && !ladder.includes("restart", step) },
    };
  }
  return { step, refused, next: { type: "exhausted" } };
}

/** What comes before the other rungs, whatever order the manifest has: for slowness the last release, for sign-in the sessions. */
const FIRST: Readonly<Record<string, Remedy>> = { latency: "redeploy", auth: "clear-sessions" };

/** The rungs for this incident. */
export function ladderOf(record: Pick<IncidentRecord, "family" | "service">, rules: Rules): readonly Remedy[] {
  const wanted = configOf(record, rules)?.ladder ?? DEFAULT_LADDER;
  const ladder = wanted.filter((remedy) => !ON_REQUEST.includes(remedy) || requestOf(remedy, record, rules));
  const first = FIRST[record.family];
  return [...ladder.filter((remedy) => remedy === first), ...ladder.filter((remedy) => remedy !== first)];
}

/** `propose`: a person has to allow the plan first. */
export function modeOf(record: Pick<IncidentRecord, "service">, rules: Rules): "act" | "propose" {
  return configOf(record, rules)?.mode ?? (rules.protected ? "propose" : "act");
}

/** Whether a person has to allow the remedy first: each, or one that reaches further than the service. */
export function asksFirst(remedy: Remedy, record: Pick<IncidentRecord, "service">, rules: Rules): boolean {
  return modeOf(record, rules) === "propose" || requestOf(remedy, record, rules)?.everything === true;
}

function requestOf(remedy: Remedy, record: Pick<IncidentRecord, "service">, rules: Rules) {
  return isRelief(remedy) ? configOf(record, rules)?.[RELIEF_REQUESTS[remedy]] : undefined;
}

function configOf({ service }: Pick<IncidentRecord, "service">, { remedies }: Rules) {
  return service === null ? undefined : remedies[service];
}

function applies(remedy: Remedy, record: IncidentRecord, situation: Situation, rules: Rules): boolean {
  const members = failing(record);
  if (!isHealable(record) || (members.length > 0 && members.every((member) => member.verdict === "INTERMITTENT")))
    return false;
  if (isRelief(remedy)) {
    const elsewhere = remedy === "clear-sessions" && rules.clearsSessions === true;
    const isConfigured = elsewhere || requestOf(remedy, record, rules) !== undefined;
    return isConfigured && members.some((member) => ruleOf(member.class).relief.includes(remedy));
  }
  return remedy === "restart" || isDeploysFault(record, situation);
}

/** Whether the service is better off with its last good release: once an incident, and while the databases allow it. */
function isDeploysFault(record: IncidentRecord, situation: Situation): boolean {
  const { lastDeployAt, previousGood, irreversible, deployed, servicesDown } = situation;
  const { service, healing, failingSince } = record;
  if (healing.redeployed || previousGood === null || lastDeployAt === null || irreversible || service === null)
    return false;
  if (lastDeployAt > failingSince) return false;
  const classes = failing(record).map((member) => member.class);
  const affected = [...new Set([service, ...servicesDown])];
  return changeScore({ deployedAt: lastDeployAt, onset: failingSince, deployed, failing: affected, classes }) >= BLAMED;
}

function restartDue(record: IncidentRecord, rules: Rules): number {
  const { lastRestartAt } = record.healing;
  return lastRestartAt === null ? 0 : lastRestartAt + timingOf(record, rules).betweenRestartsMs;
}
