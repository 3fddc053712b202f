import type { FileFinding } from "../../../src/contract/generate.ts";
import { openFindings, placeOf, SEVERITY_TONES } from "../view/repository.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

/** More are not read from top to bottom; `stationmaster check` has them all. */
const MOST = 100;

const COLUMNS: readonly Column<FileFinding>[] = [
  { label: "Severity", cell: ({ severity }) => <Badge tone={SEVERITY_TONES[severity]}>{severity}</Badge> },
  { label: "Where", cell: (finding) => <code>{placeOf(finding)}</code> },
  { label: "Finding", cell: ({ message }) => <span className="wrap">{message}</span> },
  { label: "Rule", minor: true, cell: ({ rule }) => <code className="whole">{rule}</code> },
  { label: "Fix", minor: true, cell: ({ fix }) => fix && <span className="wrap">{fix}</span> },
];

/** What `check` says of the files as they are, the worst first. */
export function FindingTable({ findings }: { findings: readonly FileFinding[] }) {
  const open = openFindings(findings);
  return (
    <>
      <DataTable
        caption="Findings, the worst first"
        columns={COLUMNS}
        rows={open.slice(0, MOST)}
        keyOf={({ rule, file, line, message }) => `${rule} ${file} ${line} ${message}`}
      />
      {open.length > MOST && (
        <p className="muted">
          {open.length - MOST} more: <code>stationmaster check</code>
        </p>
      )}
    </>
  );
}
