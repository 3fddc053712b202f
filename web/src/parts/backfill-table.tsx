import type { Backfill } from "../../../src/contract/migration.ts";
import type { Tone } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

const TONE: Record<Backfill["state"], Tone> = { pending: "idle", waiting: "idle", running: "busy", failed: "bad" };
const WORD: Record<Backfill["state"], string> = {
  pending: "begins after its deployment",
  waiting: "waits until its release serves",
  running: "running",
  failed: "failed",
};

const COLUMNS: readonly Column<Backfill>[] = [
  { label: "Service", cell: ({ service }) => service },
  { label: "Backfill", cell: ({ id }) => <span className="wrap">{id}</span> },
  {
    label: "State",
    cell: ({ state, note }) => (
      <>
        <Badge tone={TONE[state]}>{WORD[state]}</Badge>
        {note && <p className="wrap">{note}</p>}
      </>
    ),
  },
  { label: "Rows", numeric: true, cell: ({ rows }) => rows.toLocaleString("en-US") },
  { label: "Batches", numeric: true, cell: ({ batches }) => batches.toLocaleString("en-US") },
];

export function BackfillTable({ backfills }: { backfills: readonly Backfill[] }) {
  return (
    <DataTable caption="Backfills" columns={COLUMNS} rows={backfills} keyOf={({ service, id }) => `${service} ${id}`} />
  );
}
