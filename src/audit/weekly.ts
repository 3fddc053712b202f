import type { AuditReport, Drill, Mean } from "../contract/report.ts";
import { formatDuration } from "../core/duration.ts";
import { plural } from "../core/plural.ts";
import { utcSecond } from "../core/when.ts";
import { actionItemLine } from "./action-items.ts";
import { changesText } from "./compare.ts";
import { ageText, horizonText } from "./horizon.ts";
import { bytes, field, inline, NOT_MEASURED, percent, section } from "./markdown.ts";

/** The weekly audit for people. */
export function auditMarkdown(audit: AuditReport): string {
  return [
    `## Monitoring Audit - ${audit.week}`,
    "",
    `${audit.project}/${audit.environment}, ${utcSecond(audit.from)} to ${utcSecond(audit.until)}`,
    ...section("Since last week", changesText(audit), audit.changes === null ? "no earlier audit" : "nothing changed"),
    ...alertLines(audit),
    ...healingLines(audit),
    ...coverageLines(audit),
    ...dutyLines(audit),
    ...testLines(audit),
    ...ownLines(audit),
    ...section(
      "Not measured",
      audit.unmeasured.map(({ what, why }) => `- ${what}: ${inline(why)}`),
    ),
  ].join("\n");
}

function alertLines({ incidents, noisiest, detect, acknowledge, restore }: AuditReport): string[] {
  const { all, acted, precision } = incidents;
  return [
    ...section("Alerts", [
      field(
        "Precision",
        precision === null ? null : `${percent(precision)} (${acted} of ${all} incidents were acted on)`,
        "no incident",
      ),
      field("Mean time to detect", meanText(detect)),
      field("Mean time to acknowledge", meanText(acknowledge)),
      field("Mean time to restore", meanText(restore)),
    ]),
    ...section(
      "Noisiest",
      noisiest.map(
        ({ service, symptom, incidents: count, messages }) =>
          `- ${inline(service)}: ${inline(symptom)}: ${plural(count, "incident")}, ${plural(messages, "message")}`,
      ),
      "no incident",
    ),
  ];
}

function healingLines({ healing }: AuditReport): string[] {
  const { actions, held, declined, undone, success, regret } = healing;
  return section("Healing", [
    field("Success", success === null ? null : `${percent(success)} (${held} held, ${actions} actions)`, NOT_MEASURED),
    field(
      "Regret",
      regret === null ? null : `${percent(regret)} (${declined} declined, ${undone} undone)`,
      NOT_MEASURED,
    ),
  ]);
}

function coverageLines({ health, neverFailed, unwatched, unknown }: AuditReport): string[] {
  return [
    ...section("Health endpoints", healthLines(health), NOT_MEASURED),
    ...section(
      "Checks that never failed in 90 days and have no drill",
      neverFailed.map(({ check, since }) => `- ${inline(check)} (seen since ${since.slice(0, 10)})`),
    ),
    ...section("Without a check", [
      ...unwatched.services.map((name) => `- service ${inline(name)}`),
      ...unwatched.routes.map((name) => `- route of ${inline(name)}`),
    ]),
    ...section("Unknown", [
      field("Share of runs", percent(unknown.share, 3), NOT_MEASURED),
      ...unknown.worst.map(({ check, share }) => `- ${inline(check)}: ${percent(share, 3)}`),
    ]),
  ];
}

function healthLines(health: AuditReport["health"]): string[] {
  if (!health) return [];
  const { checks, notUp } = health;
  const passing = `${checks - notUp.length} of ${plural(checks, "check")} pass`;
  return [`- ${passing}`, ...notUp.map(({ check, verdict }) => `- ${inline(check)}: ${verdict}`)];
}

function dutyLines({ at, silences, actionItems, canaries, certificates, domains = [] }: AuditReport): string[] {
  return [
    ...section(
      "Silences that hold for longer than 7 days",
      silences.map(
        ({ id, author, reason, from }) =>
          `- ${id} of ${inline(author ?? "the manifest")} since ${from.slice(0, 10)}: ${inline(reason)}`,
      ),
    ),
    ...section(
      "Overdue action items",
      actionItems.map((item) => `- ${inline(actionItemLine(item))}, of ${item.incident}`),
    ),
    ...section(
      "Canary sign-ins",
      canaries.map(
        ({ check, passedAt }) =>
          `- ${inline(check)}: ${passedAt === null ? "never worked" : `worked last ${utcSecond(passedAt)} (${ageText(passedAt, at)})`}`,
      ),
      "no sign-in is checked",
    ),
    ...section(
      "Certificates",
      certificates.map(({ check, expiresAt }) => `- ${inline(check)}: ${horizonText(expiresAt, at)}`),
      "no certificate is seen by a check",
    ),
    ...section(
      "Domains",
      domains.map(
        ({ domain, endsAt }) => `- ${inline(domain)}: ${endsAt === null ? NOT_MEASURED : horizonText(endsAt, at)}`,
      ),
      "no public domain is asked about",
    ),
  ];
}

function testLines({ drills, channels }: AuditReport): string[] {
  return [
    ...section(
      "Last fire drill",
      drills.map(({ type, last }) => `- ${type}: ${last === null ? "never" : drillText(last)}`),
    ),
    ...section(
      "Channels",
      channels.map(({ channel, testedAt, accepted, deliveredAt, error }) => {
        const test =
          testedAt === null ? "never tested" : `test ${accepted ? "accepted" : "refused"} ${utcSecond(testedAt)}`;
        const last = deliveredAt === null ? "nothing delivered" : `last delivered ${utcSecond(deliveredAt)}`;
        return `- ${inline(channel)}: ${test}; ${last}${error === null ? "" : `; ${inline(error)}`}`;
      }),
      "no channel",
    ),
  ];
}

/** A drill in one line. */
export function drillText({ check, at, outcome, detectMs, pageMs, channel }: Drill): string {
  const when = `${utcSecond(at)} (${inline(check)})`;
  if (outcome === "not-detected" || detectMs === null) return `${when}: not detected`;
  const detected = `detected after ${formatDuration(detectMs)}`;
  if (pageMs === null) return `${when}: ${detected}, nobody was reached`;
  return `${when}: ${detected}, ${inline(channel ?? "a channel")} reached ${formatDuration(pageMs)} later`;
}

function ownLines({ logs, dashboards = [], storeBytes, latenessP99Ms }: AuditReport): string[] {
  return [
    ...section(
      "Log structure",
      logs.map(({ service, lines, json }) => `- ${inline(service)}: ${json} of the last ${lines} lines are JSON`),
      NOT_MEASURED,
    ),
    ...section(
      "Dashboards",
      dashboards.map(({ name, problem }) => `- ${name}: ${problem === null ? "opens" : inline(problem)}`),
      NOT_MEASURED,
    ),
    ...section("Stationmaster itself", [
      field("Store", bytes(storeBytes), NOT_MEASURED),
      field("Lateness of checks (p99)", latenessP99Ms === null ? null : formatDuration(latenessP99Ms), NOT_MEASURED),
    ]),
  ];
}

function meanText({ ms, n }: Mean): string {
  return ms === null ? "no incident to measure (n = 0)" : `${formatDuration(ms)} (n = ${n})`;
}

/** The audit in one line, for a message. */
export function auditLine({ week, incidents, neverFailed, actionItems }: AuditReport): string {
  const precision = percent(incidents.precision) ?? "no incident";
  return `monitoring audit ${week}: ${incidents.all} incidents, precision ${precision}, ${neverFailed.length} checks never seen to fail, ${actionItems.length} overdue action items`;
}
