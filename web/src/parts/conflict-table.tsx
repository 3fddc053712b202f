import type { ScanReport } from "../../../src/contract/scan.ts";
import { factText } from "../../../src/contract/scan-words.ts";
import { placeOf } from "../view/repository.ts";
import { type Column, DataTable } from "./data-table.tsx";

type Conflict = ScanReport["conflicts"][number];

const COLUMNS: readonly Column<Conflict>[] = [
  { label: "Fact", cell: ({ fact }) => <span className="wrap">{fact}</span> },
  { label: "Taken", cell: ({ fact, values }) => values[0] && <Said fact={fact} said={values[0]} /> },
  {
    label: "Also said",
    cell: ({ fact, values }) =>
      values.slice(1).map((said) => (
        <p key={JSON.stringify([said.value, said.evidence[0]?.file, said.evidence[0]?.line])}>
          <Said fact={fact} said={said} />
        </p>
      )),
  },
];

/** Where files of the repository say different things: the value that is used, and the others. */
export function ConflictTable({ conflicts }: { conflicts: readonly Conflict[] }) {
  return (
    <DataTable
      caption="Files that say different things"
      columns={COLUMNS}
      rows={conflicts}
      keyOf={({ fact }) => fact}
    />
  );
}

function Said({ fact, said: { value, evidence } }: { fact: string; said: Conflict["values"][number] }) {
  return (
    <>
      <code>{factText(fact.split(".")[1] ?? "", value)}</code>
      {evidence[0] && <span className="muted"> at {placeOf(evidence[0])}</span>}
    </>
  );
}
