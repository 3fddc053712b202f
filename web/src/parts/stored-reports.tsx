import type { StoredReport } from "../../../src/contract/report.ts";
import { useStoredReports } from "../api/report-queries.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { Answer } from "./answer.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { Empty } from "./empty.tsx";
import { IssueLink } from "./issue-link.tsx";
import { Section } from "./section.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<StoredReport>[] = [
  {
    label: "Report",
    cell: ({ kind, period }) => (
      <Link href={to.report(kind === "audit" ? { kind, week: period } : { kind, day: period })}>{period}</Link>
    ),
  },
  { label: "Made", cell: ({ madeAt }) => <Time at={madeAt} /> },
  { label: "Issue", cell: ({ issue }) => <IssueLink issue={issue} /> },
];
/** Older ones are for those who ask for a day or a week. */
const MOST = 30;

/** The reports of this kind that are kept, the newest first. */
export function StoredReports({ kind }: { kind: StoredReport["kind"] }) {
  const answer = useStoredReports();
  return (
    <Section title="Kept reports">
      <Answer query={answer}>
        {(data) => {
          const rows = data.filter((report) => report.kind === kind).slice(0, MOST);
          return rows.length > 0 ? (
            <DataTable caption="Kept reports" columns={COLUMNS} rows={rows} keyOf={({ period }) => period} />
          ) : (
            <Empty title="None is kept yet">
              {kind === "audit"
                ? "One is kept each Sunday at 06:00 UTC; the one above is of this moment."
                : "One is kept each day at the time of reports.daily in the manifest; the one above is of this moment."}
            </Empty>
          );
        }}
      </Answer>
    </Section>
  );
}
