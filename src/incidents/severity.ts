import type { Severity } from "../contract/incident.ts";
import { failing, isPartial } from "./members.ts";
import type { Situation } from "./outlook.ts";
import type { IncidentRecord, Member } from "./types.ts";

const HOUR_MS = 3_600_000;
const SEV3_LASTS_MS = 4 * HOUR_MS;
const CRITICAL_SEV2_LASTS_MS = HOUR_MS / 2;
const CERTIFICATE_MS = 48 * HOUR_MS;

/** What the rules look at. */
interface Facts {
  down: boolean;
  criticalDown: boolean;
  criticalDegraded: boolean;
  signInOnly: boolean;
  impact: boolean;
  halfDown: boolean;
  /** The budget of errors is used up this many times too fast; 0 for not. */
  burn: number;
  certificateLeftMs: number;
  healingFailed: boolean;
  /** How long the trouble is there, and how long it is more than SEV3, of something that ages. */
  lastsMs: number;
  lastsAsSecondMs: number;
  critical: boolean;
  isSecond: boolean;
}

interface Rule {
  severity: Severity;
  holds(facts: Facts): boolean;
}

const RULES: readonly Rule[] = [
  { severity: "SEV1", holds: ({ criticalDown }) => criticalDown },
  { severity: "SEV1", holds: ({ signInOnly }) => signInOnly },
  { severity: "SEV1", holds: ({ impact }) => impact },
  { severity: "SEV1", holds: ({ halfDown }) => halfDown },
  { severity: "SEV1", holds: ({ burn }) => burn >= 14.4 },
  {
    severity: "SEV1",
    holds: ({ critical, isSecond, lastsAsSecondMs }) =>
      critical && isSecond && lastsAsSecondMs >= CRITICAL_SEV2_LASTS_MS,
  },
  { severity: "SEV2", holds: ({ down }) => down },
  { severity: "SEV2", holds: ({ criticalDegraded }) => criticalDegraded },
  { severity: "SEV2", holds: ({ burn }) => burn >= 6 },
  { severity: "SEV2", holds: ({ healingFailed }) => healingFailed },
  { severity: "SEV2", holds: ({ certificateLeftMs }) => certificateLeftMs < CERTIFICATE_MS },
  { severity: "SEV2", holds: ({ lastsMs }) => lastsMs >= SEV3_LASTS_MS },
];

/** The first rule that matches: what fails, how much of the environment fails with it, and how long already (`at` in epoch ms). */
export function severityOf(record: IncidentRecord, situation: Situation | null, at: number): Severity {
  const facts = factsOf(record, situation, at);
  return RULES.find(({ holds }) => holds(facts))?.severity ?? "SEV3";
}

function factsOf(record: IncidentRecord, situation: Situation | null, at: number): Facts {
  const members = failing(record);
  // These have thresholds of their own, whatever the check is otherwise.
  const outages = members.filter((member) => burnOf(member) === 0 && member.class !== "tls-expiring");
  const down = outages.filter(({ verdict }) => verdict === "DOWN");
  const critical = outages.some((member) => member.critical);
  const whole = down.length > 0 && !isPartial(record);
  const criticalDegraded = critical && outages.some(({ verdict }) => verdict === "DEGRADED");
  const lastsMs = outages.length > 0 ? at - record.failingSince : 0;
  // Of what has no service nobody looks at the rest.
  const isKnown = situation !== null || record.service === null;
  const isSecond = down.length > 0 || criticalDegraded;
  return {
    down: down.length > 0,
    criticalDown: whole && down.some((member) => member.critical),
    criticalDegraded,
    signInOnly: down.length > 0 && record.family === "auth" && isKnown && !everythingDown(situation),
    impact: outages.some(({ impact, verdict }) => impact !== undefined && verdict !== "INTERMITTENT"),
    halfDown: whole && halfDown(record, situation),
    burn: Math.max(0, ...members.map(burnOf)),
    certificateLeftMs: certificateLeftMs(members, at),
    healingFailed: record.healing.failed,
    lastsMs,
    // What became SEV2 by its age alone has been it since then only.
    lastsAsSecondMs: isSecond || lastsMs < SEV3_LASTS_MS ? lastsMs : lastsMs - SEV3_LASTS_MS,
    critical,
    isSecond: isSecond || record.severity === "SEV2",
  };
}

function certificateLeftMs(members: readonly Member[], at: number): number {
  const ends = members.flatMap(({ class: name, expiresAt }) => (name === "tls-expiring" ? (expiresAt ?? []) : []));
  return Math.min(...ends) - at;
}

/** `burn:14.4` → 14.4; 0 for any other class. */
function burnOf({ class: name }: Member): number {
  return Number(/^burn:([\d.]+)$/.exec(name ?? "")?.[1] ?? 0);
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
