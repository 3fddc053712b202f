import type { Approval } from "../../../src/contract/hold.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { ReleaseName } from "./release-name.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<Approval>[] = [
  { label: "What", cell: ({ what }) => <span className="nowrap">{what.replace(/^override:/, "override of ")}</span> },
  { label: "Who", cell: ({ who }) => who },
  { label: "Release", cell: ({ release }) => <ReleaseName name={release} /> },
  { label: "Evidence", minor: true, cell: ({ evidence }) => evidence && <span className="wrap">{evidence}</span> },
  { label: "When", cell: ({ at }) => <Time at={at} /> },
];

/** Who said that a release may go on. */
export function ApprovalTable({ approvals }: { approvals: readonly Approval[] }) {
  return (
    <DataTable
      caption="Approvals and overrides, newest first"
      columns={COLUMNS}
      rows={approvals}
      keyOf={({ id }) => id}
    />
  );
}
