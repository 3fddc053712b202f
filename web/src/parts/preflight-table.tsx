import type { PreflightRow } from "../../../src/contract/rollout.ts";
import type { Tone } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

const COLUMNS: readonly Column<PreflightRow>[] = [
  { label: "Item", cell: ({ item }) => item },
  { label: "Ok", cell: (row) => <Verdict row={row} /> },
  { label: "Evidence", cell: (row) => <Evidence row={row} /> },
];

/** What was looked at before anything was touched. */
export function PreflightTable({ rows }: { rows: readonly PreflightRow[] }) {
  return <DataTable caption="Pre-flight" columns={COLUMNS} rows={rows} keyOf={({ item }) => item} />;
}

function Verdict({ row: { ok, override } }: { row: PreflightRow }) {
  const [tone, word]: [Tone, string] = ok ? ["ok", "yes"] : override ? ["warn", "overridden"] : ["bad", "no"];
  return <Badge tone={tone}>{word}</Badge>;
}

function Evidence({ row: { ok, evidence, override, next } }: { row: PreflightRow }) {
  return (
    <>
      <p className="wrap">{evidence}</p>
      {override && (
        <p className="muted wrap">
          Overridden by {override.who}: {override.reason}
        </p>
      )}
      {!ok && !override && next && <p className="wrap">Next: {next}</p>}
    </>
  );
}
