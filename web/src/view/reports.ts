import type { AuditReport } from "../../../src/contract/report.ts";
import { ReportQuery } from "../../../src/contract/report.ts";

const DAYS = 30;

/** The report that the query of an address names; that of the day where it names none. */
export function reportOf(query: URLSearchParams): ReportQuery {
  const given = Object.fromEntries(query);
  const named = given.kind === "healing" ? { kind: "healing", days: Number(given.days ?? DAYS) } : given;
  return ReportQuery.safeParse(named).data ?? { kind: "daily" };
}

export function reportPath(report: ReportQuery): string {
  return `/reports?${searchOf(report)}`;
}

/** Where the API has it. */
export function reportSource(report: ReportQuery): string {
  if (report.kind === "incident" || report.kind === "postmortem")
    return `/api/reports/${report.kind}/${encodeURIComponent(report.id)}`;
  const { kind, ...rest } = report;
  const query = searchOf(rest);
  return `/api/reports/${kind}${query && `?${query}`}`;
}

function searchOf(fields: object): string {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new URLSearchParams(said.map(([key, value]): [string, string] => [key, String(value)])).toString();
}

/** Name of the file that holds it: `audit-2026-W47.md`. */
export function reportFile(report: ReportQuery): string {
  const about = "id" in report ? report.id : "week" in report ? report.week : "day" in report ? report.day : undefined;
  return `${[report.kind, about].filter(Boolean).join("-")}.md`;
}

type Change = NonNullable<AuditReport["changes"]>[number];

/** `12 (+4)`; a dash where it was not measured. */
export function changeText({ before, now }: Change): string {
  if (now === null) return "not measured";
  if (before === null) return shortly(now);
  const by = now - before;
  return `${shortly(now)} (${by > 0 ? "+" : by < 0 ? "−" : "±"}${shortly(Math.abs(by))})`;
}

function shortly(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString("en-US", { maximumFractionDigits: 3 });
}
