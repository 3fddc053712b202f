import type { IncidentAction } from "../../../src/contract/incident.ts";
import { ACTION_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import type { Column } from "./data-table.tsx";
import { DataTable } from "./data-table.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<IncidentAction>[] = [
  { label: "Remedy", cell: (action) => action.remedy },
  { label: "Outcome", cell: (action) => <Badge tone={ACTION_TONE[action.outcome]}>{action.outcome}</Badge> },
  { label: "When", cell: (action) => <Time at={action.at} /> },
  { label: "Detail", cell: (action) => action.detail },
];

export function ActionTable({ actions }: { actions: readonly IncidentAction[] }) {
  return (
    <DataTable
      caption="Healing actions"
      columns={COLUMNS}
      rows={actions}
      keyOf={(action) => `${action.at} ${action.remedy}`}
    />
  );
}
