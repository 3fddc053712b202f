import { hostOf } from "../contract/check.ts";
import type { Severity } from "../contract/incident.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { isRelief } from "./remedy-classes.ts";
import type { IncidentRecord, Member, Remedy, Rules, Timing } from "./types.ts";

const FAILING = new Set(["DOWN", "DEGRADED", "INTERMITTENT"]);

/** Whether the verdict is confirmed trouble. SUSPECT is not confirmed, UNKNOWN says nothing. */
export function isFailing({ verdict }: Pick<Member, "verdict">): boolean {
  return FAILING.has(verdict);
}

export function failing(record: IncidentRecord): Member[] {
  return Object.values(record.members).filter(isFailing);
}

/** Whether it is about something that a remedy can touch: a budget of errors is used up by failures that have incidents of their own. */
export function isHealable({ service, component }: Pick<IncidentRecord, "service" | "component">): boolean {
  return service !== null && component !== "slo";
}

/** Names of the checks that failed in this occurrence, whether or not they pass by now. */
export function failedChecks(record: IncidentRecord): string[] {
  return Object.entries(record.members)
    .filter(([, member]) => member.failed)
    .map(([id]) => id);
}

/** Hosts whose checks fail now, or, once all is well, failed; empty where the trouble is not that of single hosts. */
export function failingHosts({ members }: Pick<IncidentRecord, "members">): string[] {
  const all = Object.entries(members);
  const now = all.filter(([, member]) => isFailing(member));
  const which = now.length > 0 ? now : all.filter(([, { failed }]) => failed);
  return [...new Set(which.flatMap(([id]) => hostOf(id) ?? []))].sort();
}

/** Whether what is down is so on some hosts only, while the others serve. */
export function isPartial({ members }: Pick<IncidentRecord, "members">): boolean {
  const down = Object.entries(members).filter(([, { verdict }]) => verdict === "DOWN");
  const hosts = new Set(down.map(([id]) => hostOf(id)));
  return down.length > 0 && !hosts.has(null) && down.every(([, { places = 1 }]) => hosts.size < places);
}

export function allUp(record: IncidentRecord): boolean {
  return Object.values(record.members).every((member) => member.verdict === "UP");
}

/**
 * The event as the incident of `family` sees it: a service that answers again but slowly has recovered from not answering.
 * `known` is what the check said before.
 */
export function memberOf(event: VerdictEvent, family: IncidentRecord["family"], known?: Member): Member {
  const recovered = event.to === "UP" || (event.to === "DEGRADED" && family !== event.family);
  const { critical, everyMs, at: since, detail, places = known?.places, impact = known?.impact } = event;
  const notAfter = event.facts?.notAfter;
  const said = recovered
    ? { verdict: "UP" as const, class: null, detail: null }
    : { verdict: event.to, class: event.class, detail };
  const failed = known?.failed === true || isFailing(said);
  return {
    ...{ ...said, critical, everyMs, since, failed },
    ...(places === undefined ? {} : { places }),
    ...(impact === undefined ? {} : { impact }),
    ...(recovered || notAfter === undefined ? {} : { expiresAt: notAfter * 1_000 }),
  };
}

/** The slowest check sets the pace: it needs the longest to show that things are well. */
export function timingOf(record: IncidentRecord, rules: Rules): Timing {
  return rules.timing(Math.max(1, ...Object.values(record.members).map((member) => member.everyMs)));
}

/** A start that takes longer is no healing any more. */
const LONGEST_BOOT_GRACE_MS = 15 * 60_000;

/**
 * How long the checks have to pass after a remedy, ms; null: after what a person did. What starts processes gets twice the time that
 * 95 % of the last starts of the service took.
 */
export function graceFor(record: IncidentRecord, remedy: Remedy | null, rules: Rules): number {
  const { graceMs } = timingOf(record, rules);
  if (remedy !== null && isRelief(remedy)) return graceMs;
  return Math.max(graceMs, Math.min(LONGEST_BOOT_GRACE_MS, 2 * (record.healing.bootMs ?? 0)));
}

/** How long all must stay well, ms: until a redeploy counts as mended, or until it is resolved, where a small matter takes a third of the time. */
export function quietFor(record: IncidentRecord, rules: Rules): number {
  const { quietMs, provenMs } = timingOf(record, rules);
  if (record.healing.phase === "proving") return provenMs;
  return record.severity === "SEV3" ? Math.ceil(quietMs / 3) : quietMs;
}

export function isAcknowledged(record: Pick<IncidentRecord, "acknowledged">, at: number): boolean {
  return record.acknowledged !== null && at < record.acknowledged.until;
}

const ACKNOWLEDGED_MS: Record<Severity, number> = { SEV1: 30 * 60_000, SEV2: 2 * 3_600_000, SEV3: 24 * 3_600_000 };

/** How long an acknowledgement holds, ms. */
export function acknowledgedFor(severity: Severity): number {
  return ACKNOWLEDGED_MS[severity];
}
