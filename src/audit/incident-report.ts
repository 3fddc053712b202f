import { type Incident, isOver } from "../contract/incident.ts";
import type { ActionItem, IncidentReport } from "../contract/report.ts";
import { formatDuration } from "../core/duration.ts";
import { utcSecond } from "../core/when.ts";
import { actionItemLine } from "./action-items.ts";
import { field, inline, section } from "./markdown.ts";

/** What the subject of an incident is called that a person opened for no service. */
const REPORTED = "reported";

/** What is known of an incident. Nobody counts users, and only a person knows the root cause: what he wrote when he closed it. */
export function incidentReport(incident: Incident, actionItems: readonly ActionItem[], now: number): IncidentReport {
  const { id, severity, service, storm, actions, detectedAt, reportedBy } = incident;
  const isWhole = reportedBy !== undefined && service === REPORTED;
  const services = [...(isWhole ? [] : [service]), ...(storm?.members ?? []).map((member) => member.service)];
  return {
    ...{ kind: "incident", id },
    detection: { at: detectedAt, method: methodOf(incident), severity },
    impact: {
      services: [...new Set(services)],
      users: null,
      durationMs: failingMs(incident, now),
      over: isOver(incident.state),
    },
    resolution: {
      actions: actions.map(
        ({ at, remedy, outcome, detail }) => `${utcSecond(at)} ${remedy}: ${outcome}${detail ? ` (${detail})` : ""}`,
      ),
      rootCause: closingNote(incident),
      prevention: actionItems.map(actionItemLine),
    },
  };
}

/** Epoch ms of the first failed run, and of when all passed again; null while they do not. */
export function spanOf({ times, detectedAt, resolvedAt }: Incident): { onset: number; end: number | null } {
  const end = times?.mitigated ?? resolvedAt;
  return { onset: Date.parse(times?.onset ?? detectedAt), end: end === null ? null : Date.parse(end) };
}

/** How long its checks failed until `now` (epoch ms), in ms; what passed between two failures does not count. */
export function failingMs(incident: Incident, now: number): number {
  const { downtime } = incident.times ?? {};
  if (downtime) return downtime.endedMs + (downtime.since === null ? 0 : Math.max(0, now - Date.parse(downtime.since)));
  const { onset, end } = spanOf(incident);
  return Math.max(0, (end ?? now) - onset);
}

/** What the person wrote who ended the review, without who it was and without the heading it stands below. */
export function closingNote({ timeline }: Pick<Incident, "timeline">): string | null {
  const closed = timeline.findLast(({ kind, data }) => ["closed", "resolved"].includes(kind) && data.actor);
  if (!closed) return null;
  const prefix = [`${closed.data.actor} closed it: `, `${closed.data.actor} ended it: `].find((text) =>
    closed.text.startsWith(text),
  );
  return closed.text.slice(prefix?.length ?? 0).replace(/^root cause:\s*/i, "");
}

function methodOf({ failedChecks, reportedBy, timeline, symptom }: Incident): string {
  if (reportedBy !== undefined) return `reported by ${reportedBy}`;
  const first = timeline.find(({ data }) => typeof data.check === "string")?.data.check;
  const checks = failedChecks.length > 0 ? failedChecks : first === undefined ? [] : [String(first)];
  return checks.length > 0 ? `check ${checks.join(", ")}: ${symptom}` : symptom;
}

/** The report in the form that people and programs know. */
export function incidentMarkdown({ id, detection, impact, resolution }: IncidentReport): string {
  const { actions, rootCause, prevention } = resolution;
  const duration = `${formatDuration(impact.durationMs)}${impact.over ? "" : " so far"}`;
  return [
    `## Incident Report - ${id}`,
    ...section("Detection", [
      field("Time", utcSecond(detection.at)),
      field("Method", inline(detection.method)),
      field("Severity", detection.severity),
    ]),
    ...section("Impact", [
      field("Services", impact.services.map(inline).join(", ") || null),
      field("Users", impact.users && inline(impact.users)),
      field("Duration", duration),
    ]),
    ...section("Resolution", [
      ...list("Actions", actions, "none"),
      field("Root cause", rootCause && inline(rootCause)),
      ...list("Prevention", prevention, "not known"),
    ]),
  ].join("\n");
}

function list(label: string, items: readonly string[], none: string): string[] {
  if (items.length === 0) return [field(label, none)];
  return [`- **${label}:**`, ...items.map((item) => `  - ${inline(item)}`)];
}
