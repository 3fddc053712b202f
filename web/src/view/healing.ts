import { byName, type HealingPlan } from "../../../src/contract/healing.ts";
import { clock, plural } from "./format.ts";

/** Why the next action is not carried out now; null when nothing holds it back. */
export function waitText({ phase, stopped, veto, notBefore, validUntil, mode, next }: HealingPlan): string | null {
  if (stopped !== null) return `Healing has stopped: ${stopped}.${next ? " It is done when a person orders it." : ""}`;
  if (veto) return `It waits: ${veto.reason}.`;
  if (notBefore) return `It waits until ${clock(notBefore)}, so that the last action can show what it did.`;
  if (phase === "proposed" && validUntil)
    return `It waits for a person until ${clock(validUntil)}; then it is not done.`;
  if (phase === "evidence") return "Evidence is collected first.";
  if (next && mode === "propose") return "It will be proposed to a person first.";
  return null;
}

/** What stands in place of a next action. */
export function nothingText({ well, service }: Pick<HealingPlan, "well" | "service">): string {
  if (well) return "nothing: all checks pass";
  return `nothing is left to try: a person is needed${service === null ? "" : `, who can give ${byName(service)}`}`;
}

/** What may still be done: restarts of this service and incident, actions of the whole project. */
export function leftText({ left }: Pick<HealingPlan, "left">): string {
  const { restarts, actionsThisHour, actionsToday } = left;
  return `${plural(restarts, "restart")} left within the hour; ${plural(actionsThisHour, "action")} this hour and ${actionsToday} today in the whole project.`;
}
