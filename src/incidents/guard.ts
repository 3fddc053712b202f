import { restartMayHelp } from "./classes.ts";
import { failing } from "./members.ts";
import type { IncidentRecord, Remedy, Rules, Situation } from "./types.ts";

const ANOTHER_HEALED_MS = 5 * 60_000;
const STORM_SERVICES = 3;

/**
 * Why a remedy may not be used. `unfit`: this remedy not, another perhaps. `wait`: not now. `quiet`: not now, and nobody
 * is called for it. `stop`: nothing may be tried. `freeze`: nothing, and it is SEV1.
 */
export interface Veto {
  kind: "unfit" | "wait" | "quiet" | "stop" | "freeze";
  reason: string;
}

export interface GuardInput {
  record: IncidentRecord;
  remedy: Remedy;
  situation: Situation;
  healedElsewhereAt: number | null;
  rules: Rules;
  at: number;
}

/** Answers the first veto against `remedy`, or undefined when it may go ahead. */
export function veto({ record, remedy, situation, healedElsewhereAt, rules, at }: GuardInput): Veto | undefined {
  const members = failing(record);
  if (record.frozen) return { kind: "stop", reason: "the incident is frozen" };
  if (members.length === 0) return { kind: "quiet", reason: "no check can say whether it fails" };
  const storm = situation.servicesDown.length >= STORM_SERVICES && situation.servicesTotal > STORM_SERVICES;
  if (storm)
    return {
      kind: "freeze",
      reason: `${situation.servicesDown.length} services fail at once (${situation.servicesDown.join(", ")})`,
    };
  if (remedy === "restart") {
    const classes = [...new Set(members.map((member) => member.class ?? "no class"))];
    const helps = members.some((member) => restartMayHelp(member.class)) && !classes.includes("crash-loop");
    if (!helps) return { kind: "unfit", reason: `a restart does not help against ${classes.join(", ")}` };
  }
  if (situation.deploying) return { kind: "wait", reason: "a deployment is in progress" };
  if (situation.dependenciesDown.length > 0)
    return { kind: "wait", reason: `${situation.dependenciesDown.join(", ")} is down` };
  const recent = healedElsewhereAt !== null && at - healedElsewhereAt < ANOTHER_HEALED_MS;
  if (isProduction(rules.environment) && recent)
    return { kind: "wait", reason: "another service was healed less than 5 min ago" };
  return undefined;
}

/** Environments named production are protected. */
export function isProduction(environment: string): boolean {
  return environment === "production";
}
