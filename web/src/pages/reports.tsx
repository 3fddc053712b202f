import type { ReportQuery } from "../../../src/contract/report.ts";
import { useActionItems, useReport } from "../api/report-queries.ts";
import { ActionItemTable } from "../parts/action-item-table.tsx";
import { Answer } from "../parts/answer.tsx";
import { AuditChanges } from "../parts/audit-changes.tsx";
import { AuditWeek } from "../parts/audit-week.tsx";
import { DownloadButton } from "../parts/download-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { IncidentPages } from "../parts/incident-pages.tsx";
import { Markdown } from "../parts/markdown.tsx";
import { PostMortems } from "../parts/post-mortems.tsx";
import { Section } from "../parts/section.tsx";
import { StoredReports } from "../parts/stored-reports.tsx";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { reportFile } from "../view/reports.ts";

const KINDS = [
  { label: "Daily", report: { kind: "daily" } },
  { label: "Weekly audit", report: { kind: "audit" } },
  { label: "Healing", report: { kind: "healing", days: 30 } },
] as const;

/** What is written for people who were not there. */
export function ReportsPage({ report }: { report: ReportQuery }) {
  return (
    <>
      <Heading title="Reports" lead="What happened, in figures, for those who were not there." />
      <IncidentPages current="/reports" />
      <nav className="tabs" aria-label="Which report">
        {KINDS.map((choice) => (
          <Link
            key={choice.label}
            className="page-link"
            href={to.report(choice.report)}
            aria-current={choice.report.kind === report.kind ? "page" : undefined}
          >
            {choice.label}
          </Link>
        ))}
      </nav>
      <ReportSheet key={JSON.stringify(report)} report={report} />
      {(report.kind === "daily" || report.kind === "audit") && <StoredReports kind={report.kind} />}
      {report.kind === "daily" && <LeftToDo />}
    </>
  );
}

function ReportSheet({ report }: { report: ReportQuery }) {
  const answer = useReport(report);
  return (
    <>
      {report.kind === "audit" && <AuditWeek week={report.week} />}
      <Answer query={answer}>
        {({ markdown, data }) => (
          <>
            <div className="actions">
              <DownloadButton text={markdown} name={reportFile(report)} />
            </div>
            {data.kind === "audit" && <AuditChanges changes={data.changes} />}
            <article className="sheet">
              <Markdown text={markdown} />
            </article>
          </>
        )}
      </Answer>
    </>
  );
}

/** What follows from incidents: post-mortems to write, and things to do. */
function LeftToDo() {
  const items = useActionItems();
  return (
    <>
      <PostMortems />
      <Section title="Action items">
        <Answer query={items}>
          {(data) =>
            data.length > 0 ? (
              <ActionItemTable items={data} withIncident />
            ) : (
              <Empty title="Nothing is left to do">Action items are added on the page of their incident.</Empty>
            )
          }
        </Answer>
      </Section>
    </>
  );
}
