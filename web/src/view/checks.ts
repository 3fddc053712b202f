import type { Check, CheckType } from "../../../src/contract/check.ts";
import { isTimedType } from "../../../src/contract/timed.ts";

const STANDING: readonly CheckType[] = [
  ...(["http", "tcp", "process", "browser", "steps", "heartbeat", "postgres", "redis", "tls", "dns", "ping"] as const),
];

/** Whether there is a check whose durations say something. */
export function isTimed(check: Check | undefined): check is Check {
  return check !== undefined && isTimedType(check.type);
}

/** Why there is no incident in which a check failed, and when there would be. */
export function noIncidentText({ verdict, dependsOn }: Pick<Check, "verdict" | "dependsOn">): string {
  const rule = "One opens when this check has failed three times in a row";
  if (dependsOn.length === 0) return `${rule}.`;
  const needs = dependsOn.join(", ");
  return verdict === "DOWN"
    ? `It fails. While what it needs (${needs}) fails too, the incident of that stands for it.`
    : `${rule} while what it needs (${needs}) is well.`;
}

/** The checks of one service, the one that best stands for it first. */
export function byStanding(checks: readonly Check[]): Check[] {
  const rank = ({ type }: Check) => STANDING.indexOf(type);
  return [...checks].sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
}
