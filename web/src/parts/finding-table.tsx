import type { FileFinding } from "../../../src/contract/generate.ts";
import { plural } from "../view/format.ts";
import { openFindings, placeOf, SEVERITY_TONES } from "../view/repository.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

/** More are read only by those who ask for them. */
const SHOWN = 20;
/** More are not read from top to bottom; `stationmaster check` has them all. */
const MOST = 200;

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
      <Rows caption="Findings, the worst first" rows={open.slice(0, SHOWN)} />
      {open.length > SHOWN && (
        <details>
          <summary>{plural(Math.min(open.length, MOST) - SHOWN, "more finding")}</summary>
          <Rows caption="Further findings" rows={open.slice(SHOWN, MOST)} />
        </details>
      )}
      {open.length > MOST && (
        <p className="muted">
          {open.length - MOST} more: <code>stationmaster check</code>
        </p>
      )}
    </>
  );
}

function Rows({ caption, rows }: { caption: string; rows: readonly FileFinding[] }) {
  return (
    <DataTable
      caption={caption}
      columns={COLUMNS}
      rows={rows}
      keyOf={({ rule, file, line, message }) => `${rule} ${file} ${line} ${message}`}
    />
  );
}
