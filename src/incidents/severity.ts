import type { Severity } from "../contract/incident.ts";
import { failing } from "./members.ts";
import type { IncidentRecord, Situation } from "./types.ts";

const SEV3_LASTS_MS = 4 * 3_600_000;
const CRITICAL_SEV2_LASTS_MS = 30 * 60_000;

/** The first rule that matches: what fails, how much of the environment fails with it, and how long already. */
export function severityOf(record: IncidentRecord, situation: Situation | null, at: number): Severity {
  const members = failing(record);
  const down = members.filter((member) => member.verdict === "DOWN");
  const critical = members.some((member) => member.critical);
  if (down.some((member) => member.critical)) return "SEV1";
  if (down.length > 0 && record.family === "auth" && !everythingDown(situation)) return "SEV1";
  if (down.length > 0 && halfDown(record, situation)) return "SEV1";
  const lasts = at - record.failingSince;
  const second = down.length > 0 || (critical && members.some((member) => member.verdict === "DEGRADED"));
  if (critical && (second || record.severity === "SEV2") && lasts >= CRITICAL_SEV2_LASTS_MS) return "SEV1";
  if (second) return "SEV2";
  return members.length > 0 && lasts >= SEV3_LASTS_MS ? "SEV2" : "SEV3";
}

function servicesDown(record: IncidentRecord, { servicesDown: names }: Situation): number {
  return new Set(record.service ? [...names, record.service] : names).size;
}

function halfDown(record: IncidentRecord, situation: Situation | null): boolean {
  return (
    situation !== null && situation.servicesTotal > 0 && servicesDown(record, situation) * 2 >= situation.servicesTotal
  );
}

/** The service of the failing sign-in itself counts as up: its health is another incident's matter. */
function everythingDown(situation: Situation | null): boolean {
  return situation !== null && situation.servicesTotal > 0 && situation.servicesDown.length >= situation.servicesTotal;
}

const RANK: readonly Severity[] = ["SEV3", "SEV2", "SEV1"];

/** The more severe of the two: by itself a severity only rises. */
export function higher(a: Severity, b: Severity): Severity {
  return RANK.indexOf(a) >= RANK.indexOf(b) ? a : b;
}
