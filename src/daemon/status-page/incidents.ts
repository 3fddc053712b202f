import type { IncidentState, Severity } from "../../contract/incident.ts";
import type { PublicIncident } from "../../contract/status-page.ts";

/** What the page needs of an incident; times in epoch ms. */
export interface ToldIncident {
  id: string;
  severity: Severity;
  state: IncidentState;
  openedAt: number;
  mitigatedAt: number | null;
  resolvedAt: number | null;
  /** Whether it says nothing about what users see now: a late job, errors of before. */
  isInternal: boolean;
  /** Whether all works, and a certificate is about to end. */
  isExpiring: boolean;
  /** Names of the page it is about. */
  services: string[];
  /** What people wrote, oldest first. */
  written: readonly { at: number; text: string }[];
}

const SHOWN_AS: Record<IncidentState, PublicIncident["state"]> = {
  suspect: "investigating",
  open: "investigating",
  healing: "investigating",
  monitoring: "watching",
  resolved: "resolved",
  review: "resolved",
  closed: "resolved",
};

/**
 * An incident in words for the public: those that people wrote, and one sentence of ours per step they left out. Ours hold the
 * public names of the services and nothing else. Null for small and internal matters that nobody wrote about.
 */
export function publicIncident(incident: ToldIncident): PublicIncident | null {
  const { id, severity, isInternal, isExpiring, services, written, openedAt, resolvedAt } = incident;
  if (services.length === 0 || ((severity === "SEV3" || isInternal) && written.length === 0)) return null;
  // What is said later at the same moment stands above.
  const all = [...ownWords(incident), ...written].reverse().sort((a, b) => b.at - a.at);
  return {
    id,
    title: isExpiring ? `Certificate of ${listed(services)} ends soon` : `Problem with ${listed(services)}`,
    state: SHOWN_AS[incident.state],
    services,
    startedAt: iso(openedAt),
    resolvedAt: resolvedAt === null ? null : iso(resolvedAt),
    updates: all.map(({ at, text }) => ({ at: iso(at), text })),
  };
}

function ownWords(incident: ToldIncident) {
  const { services, written, openedAt, mitigatedAt, resolvedAt } = incident;
  const names = listed(services);
  const steps: { at: number | null; text: string }[] = [
    { at: openedAt, text: openingWords(incident) },
    {
      // Nothing is watched any more where a person ended it.
      at: mitigatedAt === resolvedAt ? null : mitigatedAt,
      text: `${names} ${services.length === 1 ? "has" : "have"} recovered. We are watching that it stays so.`,
    },
    { at: resolvedAt, text: "The problem is over." },
  ];
  return steps.flatMap(({ at, text }, index) => {
    if (at === null) return [];
    const next = steps.slice(index + 1).find((step) => step.at !== null)?.at ?? Number.POSITIVE_INFINITY;
    return written.some((item) => item.at >= at && item.at < next) ? [] : [{ at, text }];
  });
}

function openingWords({ severity, isInternal, isExpiring, services }: ToldIncident): string {
  const names = listed(services);
  if (isExpiring) return `A certificate of ${names} ends within days. Everything works, and we are renewing it.`;
  return severity === "SEV1" && !isInternal
    ? `${names} ${services.length === 1 ? "is" : "are"} not available for some or all users. We are looking into it.`
    : `${names} may be slow or fail for some users. We are looking into it.`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
