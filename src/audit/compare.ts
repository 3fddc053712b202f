import type { AuditReport } from "../contract/report.ts";
import { endsSoon } from "./horizon.ts";
import { NOT_MEASURED } from "./markdown.ts";

/** The figures of an audit that weeks are compared by; they name nothing and nobody. */
export function figuresOf(audit: Omit<AuditReport, "changes">): Record<string, number | null> {
  const { incidents, detect, acknowledge, restore, healing, unknown } = audit;
  return {
    incidents: incidents.all,
    "alert precision (%)": percent(incidents.precision),
    "mean time to detect (s)": seconds(detect.ms),
    "mean time to acknowledge (s)": seconds(acknowledge.ms),
    "mean time to restore (s)": seconds(restore.ms),
    "healing success (%)": percent(healing.success),
    "healing regret (%)": percent(healing.regret),
    checks: audit.health?.checks ?? null,
    "checks that do not pass": audit.health?.notUp.length ?? null,
    "checks never seen to fail": audit.neverFailed.length,
    "services and routes without a check": audit.unwatched.services.length + audit.unwatched.routes.length,
    "unknown share (%)": percent(unknown.share),
    "old silences": audit.silences.length,
    "overdue action items": audit.actionItems.length,
    "certificates that end within 30 days": audit.certificates.filter(({ expiresAt }) => endsSoon(expiresAt, audit.at))
      .length,
    "domains that end within 30 days": (audit.domains ?? []).filter(({ endsAt }) => endsSoon(endsAt, audit.at)).length,
    "store size (MiB)": audit.storeBytes === null ? null : Math.round(audit.storeBytes / 1024 ** 2),
    "lateness p99 (ms)": audit.latenessP99Ms === null ? null : Math.round(audit.latenessP99Ms),
  };
}

/** The figures that are not what they were in the audit before; null where there is none. */
export function changesSince(
  now: Omit<AuditReport, "changes">,
  before: AuditReport | undefined,
): AuditReport["changes"] {
  if (!before) return null;
  const old = figuresOf(before);
  return Object.entries(figuresOf(now))
    .map(([what, value]) => ({ what, before: old[what] ?? null, now: value }))
    .filter((change) => change.before !== change.now);
}

/** What differs, a line each. */
export function changesText({ changes }: Pick<AuditReport, "changes">): string[] {
  return (changes ?? []).map(
    ({ what, before, now }) => `- ${what}: ${before ?? NOT_MEASURED} → ${now ?? NOT_MEASURED}`,
  );
}

function percent(share: number | null): number | null {
  return share === null ? null : Number((share * 100).toFixed(2));
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1_000);
}
