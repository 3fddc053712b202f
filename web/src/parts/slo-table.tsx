import type { SloReport } from "../../../src/contract/slo.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { duration, percent } from "../view/format.ts";
import { budgetOf, burnWords, promise, standing } from "../view/slo.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

const MINUTE_MS = 60_000;

const COLUMNS: readonly Column<SloReport>[] = [
  { label: "Of", cell: ({ name, service }) => (name === service ? <Link href={to.service(name)}>{name}</Link> : name) },
  { label: "Objective", numeric: true, cell: ({ objective }) => promise(objective) },
  { label: "Attained", numeric: true, cell: ({ attained, windowDays }) => <Attained {...{ attained, windowDays }} /> },
  { label: "Budget left", cell: (report) => <Budget report={report} /> },
  { label: "Burn", numeric: true, cell: ({ burn }) => burnWords(burn) },
  { label: "Standing", cell: (report) => <Standing report={report} /> },
  {
    label: "Coverage",
    numeric: true,
    minor: true,
    cell: ({ coverage }) => (coverage === null ? null : percent(coverage)),
  },
  {
    label: "Down",
    numeric: true,
    cell: ({ downtimeMinutes }) => (downtimeMinutes === null ? null : downtimeText(downtimeMinutes)),
  },
];

function downtimeText(minutes: number): string {
  return minutes === 0 ? "none" : duration(minutes * MINUTE_MS);
}

function Standing({ report }: { report: SloReport }) {
  const { tone, text } = standing(report);
  return <Badge tone={tone}>{text}</Badge>;
}

function Attained({ attained, windowDays }: Pick<SloReport, "attained" | "windowDays">) {
  if (attained === null) return null;
  return (
    <>
      {promise(attained)} <span className="muted">{windowDays} d</span>
    </>
  );
}

function Budget({ report }: { report: SloReport }) {
  const budget = budgetOf(report);
  if (!budget || report.budgetLeft === null) return null;
  return (
    <span className="budget" data-tone={budget.tone}>
      <span className="budget-bar" aria-hidden="true">
        <span style={{ width: `${budget.filled * 100}%` }} />
      </span>
      <span className="num">{`${Math.round(report.budgetLeft * 100)}\u00a0%`.replace("-", "−")}</span>
    </span>
  );
}

/** How objectives are kept; minutes of downtime stand apart, they are not derived from the share. */
export function SloTable({ objectives }: { objectives: readonly SloReport[] }) {
  return <DataTable caption="Objectives" columns={COLUMNS} rows={objectives} keyOf={({ name }) => name} />;
}
