import { AuditReport } from "../../contract/report.ts";
import { redactDeep } from "../../core/redact.ts";
import { findOrCreate } from "../../github/own.ts";
import { hashOf } from "../../github/part.ts";
import { findReportIssue, putReportIssue } from "../../store/report-issues.ts";
import { findReport } from "../../store/reports.ts";
import { AUDIT_LABEL, auditMarks, auditPart, auditSubject, auditTitle, followedBy, weekIn } from "./audit.ts";
import type { ReportIssueOptions } from "./options.ts";

/** The issue of the last stored audit is made, and those of earlier ones are closed with a link to it. Once all of that is done it is put down. */
export async function syncAudit(options: ReportIssueOptions): Promise<void> {
  const { store, place, repository, tracker, clock, redact } = options;
  const stored = AuditReport.safeParse(await findReport(store.db, { ...place, kind: "audit" }));
  if (!stored.success) return;
  const audit = redactDeep(stored.data, redact);
  const subject = auditSubject(audit.week);
  if (await findReportIssue(store.db, { ...place, subject, repository })) return;
  const { private: isPrivate } = await tracker.repository();
  const part = auditPart(audit, isPrivate);
  const issue = await findOrCreate(
    tracker,
    { label: subject, mark: auditMarks(audit).begin },
    { title: auditTitle(audit), body: part, labels: [AUDIT_LABEL, subject], assignees: [] },
  );
  await closeEarlier(options, audit, issue.number);
  const known = { number: issue.number, url: issue.html_url, textHash: hashOf(part), lookedAt: new Date(clock.now()) };
  await putReportIssue(store.db, { ...place, subject, repository, ...known, settled: true });
}

async function closeEarlier({ tracker }: ReportIssueOptions, audit: AuditReport, number: number): Promise<void> {
  const link = followedBy(audit, number);
  for (const earlier of await tracker.mine(AUDIT_LABEL)) {
    const week = weekIn(earlier.body, audit);
    if (earlier.state === "closed" || week === undefined || week >= audit.week) continue;
    const said = await tracker.myComments(earlier.number);
    if (!said.includes(link)) await tracker.comment(earlier.number, link);
    await tracker.close(earlier.number, "completed");
  }
}
