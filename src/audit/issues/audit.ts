import { type AuditReport, Week } from "../../contract/report.ts";
import { unlinked } from "../../core/markdown.ts";
import type { Marks } from "../../github/part.ts";
import { changesText, figuresOf } from "../compare.ts";
import { NOT_MEASURED } from "../markdown.ts";
import { auditMarkdown } from "../weekly.ts";

/** GitHub takes 65,536 characters; the rest is for people. */
const LONGEST_TEXT = 60_000;
export const AUDIT_LABEL = "monitoring-audit";

type Stood = Pick<AuditReport, "project" | "environment">;

/** What the row of an audit's issue is called, and its label; weeks sort as text. */
export function auditSubject(week: string): string {
  return `audit:${week}`;
}

/** Around our part of the text. */
export function auditMarks(audit: Stood & Pick<AuditReport, "week">): Marks {
  return { begin: `${placeMark(audit)} week=${audit.week} begin -->`, end: "<!-- stationmaster:audit end -->" };
}

/** The week of the audit that an issue of this place shows; undefined where it shows none. */
export function weekIn(text: string | null, place: Stood): string | undefined {
  const [, after] = (text ?? "").split(`${placeMark(place)} week=`);
  return Week.safeParse(after?.slice(0, "2026-W09".length)).data;
}

function placeMark({ project, environment }: Stood): string {
  return `<!-- stationmaster:audit v=1 project=${project} environment=${environment}`;
}

/** What is said once in the issue of an earlier audit. */
export function followedBy({ week }: Pick<AuditReport, "week">, number: number): string {
  return `The next audit, of ${week}, is #${number}.`;
}

export function auditTitle({ week, project, environment }: AuditReport): string {
  return `Monitoring audit ${week}: ${project}/${environment}`;
}

/** Our part of the text. Names of checks, services and people go to private repositories only; public ones get figures. */
export function auditPart(audit: AuditReport, isPrivate: boolean): string {
  const { begin, end } = auditMarks(audit);
  const text = unlinked(isPrivate ? auditMarkdown(audit) : countsOf(audit));
  const more = ["", `The whole of it: \`stationmaster report audit --week ${audit.week}\``];
  return [begin, fitting(text), ...more, end].join("\n");
}

function countsOf(audit: AuditReport): string {
  const figures = Object.entries(figuresOf(audit)).map(([what, value]) => `- ${what}: ${value ?? NOT_MEASURED}`);
  const changes = changesText(audit);
  return [
    `## Monitoring Audit - ${audit.week}`,
    ...["", "### Figures", ...figures],
    ...[
      "",
      "### Since last week",
      ...(changes.length > 0 ? changes : [audit.changes === null ? "no earlier audit" : "nothing changed"]),
    ],
  ].join("\n");
}

/** The first lines that fit. */
function fitting(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  return `${text.slice(0, text.lastIndexOf("\n", LONGEST_TEXT))}\n\n(cut off here)`.toWellFormed();
}
