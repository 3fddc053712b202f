import type { Report, ReportData } from "../contract/report.ts";
import { dailyMarkdown } from "./daily.ts";
import { healingMarkdown } from "./healing.ts";
import { incidentMarkdown } from "./incident-report.ts";
import { postMortemMarkdown } from "./post-mortem.ts";
import { auditMarkdown } from "./weekly.ts";

/** A report as data and as Markdown. */
export function rendered(data: ReportData): Report {
  return { markdown: `${markdownOf(data)}\n`, data };
}

function markdownOf(data: ReportData): string {
  if (data.kind === "incident") return incidentMarkdown(data);
  if (data.kind === "postmortem") return postMortemMarkdown(data);
  if (data.kind === "daily") return dailyMarkdown(data);
  if (data.kind === "audit") return auditMarkdown(data);
  return healingMarkdown(data);
}
