import type { Severity } from "../contract/incident.ts";
import { failing, isPartial } from "./members.ts";
import type { IncidentRecord, Situation } from "./types.ts";

const SEV3_LASTS_MS = 4 * 3_600_000;
const CRITICAL_SEV2_LASTS_MS = 30 * 60_000;

/** The first rule that matches: what fails, how much of the environment fails with it, and how long already. */
export function severityOf(record: IncidentRecord, situation: Situation | null, at: number): Severity {
  const members = failing(record);
  const down = members.filter((member) => member.verdict === "DOWN");
  const critical = members.some((member) => member.critical);
  if (down.some((member) => member.critical) && !isPartial(record)) return "SEV1";
  if (down.length > 0 && record.family === "auth" && !everythingDown(situation)) return "SEV1";
  if (down.length > 0 && !isPartial(record) && halfDown(record, situation)) return "SEV1";
  const lasts = at - record.failingSince;
  const second = down.length > 0 || (critical && members.some((member) => member.verdict === "DEGRADED"));
  // What became SEV2 by its age alone has been it since then only.
  const lastsAsSecond = second || lasts < SEV3_LASTS_MS ? lasts : lasts - SEV3_LASTS_MS;
  if (critical && (second || record.severity === "SEV2") && lastsAsSecond >= CRITICAL_SEV2_LASTS_MS) return "SEV1";
  if (second) return "SEV2";
  return members.length > 0 && lasts >= SEV3_LASTS_MS ? "SEV2" : "SEV3";
}

/** The incident's own service among them, if it is the service itself that fails and not a part of it. */
function servicesDown(record: IncidentRecord, { servicesDown: names }: Situation): number {
  const { service, component } = record;
  const own = service !== null && component === "service" && !isPartial(record) ? [service] : [];
  return new Set([...names, ...own]).size;
}

/** One service alone is as severe as it is critical; a share of the environment takes several. */
function halfDown(record: IncidentRecord, situation: Situation | null): boolean {
  if (situation === null) return false;
  const down = servicesDown(record, situation);
  return down > 1 && down * 2 >= situation.servicesTotal;
}

/** Then the sign-in fails with everything else, which is another incident's matter. */
function everythingDown(situation: Situation | null): boolean {
  return situation !== null && situation.servicesTotal > 0 && situation.servicesDown.length >= situation.servicesTotal;
}

const RANK: readonly Severity[] = ["SEV3", "SEV2", "SEV1"];

/** The more severe of the two: by itself a severity only rises. */
export function higher(a: Severity, b: Severity): Severity {
  return RANK.indexOf(a) >= RANK.indexOf(b) ? a : b;
}
