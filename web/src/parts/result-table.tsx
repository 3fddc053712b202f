import type { CheckResult } from "../../../src/contract/check.ts";
import { latency } from "../view/format.ts";
import { OUTCOME_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<CheckResult>[] = [
  { label: "Outcome", cell: ({ outcome }) => <Badge tone={OUTCOME_TONE[outcome]}>{outcome}</Badge> },
  { label: "When", cell: ({ at }) => <Time at={at} /> },
  { label: "Run", minor: true, cell: ({ kind }) => kind },
  { label: "Took", numeric: true, cell: ({ durationMs }) => latency(durationMs) },
  { label: "Class", cell: ({ class: name }) => name && <code>{name}</code> },
  { label: "Detail", cell: ({ detail }) => detail && <span className="wrap">{detail}</span> },
];

/** Single runs of a check. */
export function ResultTable({ results }: { results: readonly CheckResult[] }) {
  return (
    <DataTable
      caption="Single runs, newest first"
      columns={COLUMNS}
      rows={results}
      keyOf={({ at, kind }) => `${at} ${kind}`}
    />
  );
}
