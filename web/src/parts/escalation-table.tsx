import type { Calling } from "../../../src/contract/notification.ts";
import { duration } from "../view/format.ts";
import { SEVERITY_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

type Policy = Calling["escalation"][number];

const COLUMNS: readonly Column<Policy>[] = [
  { label: "Severity", cell: ({ severity }) => <Badge tone={SEVERITY_TONE[severity]}>{severity}</Badge> },
  {
    label: "At once",
    cell: ({ levels }) => levels[0]?.to.join(", ") || "nobody",
  },
  {
    label: "Then, until it is taken",
    cell: ({ levels }) => levels.slice(1).map(levelText).join("; "),
  },
  { label: "Hours of what is not critical", cell: ({ hours }) => hours ?? "at any time" },
];

function levelText({ to, afterMs }: Policy["levels"][number]): string {
  return `after ${duration(afterMs)} ${to.join(", ")}`;
}

/** The levels of each severity. */
export function EscalationTable({ escalation }: { escalation: readonly Policy[] }) {
  return (
    <DataTable
      caption="Who is called for each severity"
      columns={COLUMNS}
      rows={escalation}
      keyOf={({ severity }) => severity}
    />
  );
}
