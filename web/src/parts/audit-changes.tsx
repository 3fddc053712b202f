import type { AuditReport } from "../../../src/contract/report.ts";
import { changeText } from "../view/reports.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { Empty } from "./empty.tsx";
import { Section } from "./section.tsx";

type Change = NonNullable<AuditReport["changes"]>[number];

const COLUMNS: readonly Column<Change>[] = [
  { label: "What", cell: ({ what }) => what },
  { label: "The week before", numeric: true, cell: ({ before }) => before?.toLocaleString("en-US") ?? "not measured" },
  { label: "Now", numeric: true, cell: changeText },
];

/** What differs from the week before. */
export function AuditChanges({ changes }: { changes: AuditReport["changes"] }) {
  return (
    <Section title="What changed since the week before">
      {changes === null ? (
        <Empty title="Nothing to compare with">There is no audit of the week before.</Empty>
      ) : changes.length === 0 ? (
        <p className="muted">No figure changed.</p>
      ) : (
        <DataTable caption="Figures that changed" columns={COLUMNS} rows={changes} keyOf={({ what }) => what} />
      )}
    </Section>
  );
}
