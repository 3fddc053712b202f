import type { IncidentStorm } from "../../../src/contract/incident.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { INCIDENT_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { type Column, DataTable } from "./data-table.tsx";

type Member = IncidentStorm["members"][number];

const COLUMNS: readonly Column<Member>[] = [
  {
    label: "Incident",
    cell: ({ id, service, symptom }) => (
      <Link href={to.incident(id)}>
        {service}: {symptom}
      </Link>
    ),
  },
  { label: "State", cell: ({ state }) => <Badge tone={INCIDENT_TONE[state]}>{state}</Badge> },
  { label: "Id", cell: ({ id }) => <code>{id}</code> },
];

/** The incidents that one stands for. */
export function StormTable({ members }: { members: readonly Member[] }) {
  return <DataTable caption="Incidents it stands for" columns={COLUMNS} rows={members} keyOf={({ id }) => id} />;
}
