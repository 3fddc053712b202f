import type { ScanReport } from "../../../src/contract/scan.ts";
import { factText, wantText } from "../../../src/contract/scan-words.ts";
import { placeOf } from "../view/repository.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

type Requirement = ScanReport["requirements"][number];

const COLUMNS: readonly Column<Requirement>[] = [
  { label: "Wanted", cell: ({ id }) => <span className="wrap">{id.replace(/^want\./, "")}</span> },
  { label: "Value", cell: ({ id, value }) => <span className="wrap">{wantText(id, value)}</span> },
  { label: "Written at", cell: (one) => <code>{placeOf(one)}</code> },
  {
    label: "Fits",
    cell: ({ contradicts }) =>
      contradicts ? (
        <>
          <Badge tone="warn">contradicts the code</Badge>
          <p className="wrap">
            {contradicts.fact} is {factText("", contradicts.value)}
            {contradicts.file && ` at ${contradicts.file}:${contradicts.line}`}
          </p>
        </>
      ) : null,
  },
];

/** What the specification asks for, and where the code says something else. */
export function RequirementTable({ requirements }: { requirements: readonly Requirement[] }) {
  return (
    <DataTable
      caption="What the specification asks for"
      columns={COLUMNS}
      rows={requirements}
      keyOf={({ id, file, line, value }) => `${id} ${file} ${line} ${JSON.stringify(value)}`}
    />
  );
}
