import { actionsText } from "../../../src/contract/action-text.ts";
import type { IncidentSummary } from "../../../src/contract/incident.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { INCIDENT_TONE, SEVERITY_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import type { Column } from "./data-table.tsx";
import { DataTable } from "./data-table.tsx";
import { Elapsed } from "./elapsed.tsx";
import { FlagTags } from "./flag-tags.tsx";
import { Time } from "./time.tsx";

const COLUMNS: readonly Column<IncidentSummary>[] = [
  { label: "Severity", cell: (incident) => <Badge tone={SEVERITY_TONE[incident.severity]}>{incident.severity}</Badge> },
  { label: "State", cell: (incident) => <Badge tone={INCIDENT_TONE[incident.state]}>{incident.state}</Badge> },
  {
    label: "What",
    cell: (incident) => (
      <>
        <Link href={to.incident(incident.id)}>
          {incident.service}: {incident.symptom}
        </Link>
        <FlagTags incident={incident} />
      </>
    ),
  },
  { label: "Opened", cell: (incident) => <Time at={incident.openedAt} /> },
  {
    label: "Lasted",
    numeric: true,
    cell: (incident) => <Elapsed from={incident.openedAt} until={incident.resolvedAt} />,
  },
  { label: "Actions", cell: ({ actions }) => actionsText(actions) },
];

export function IncidentList({ incidents }: { incidents: readonly IncidentSummary[] }) {
  return (
    <DataTable caption="Incidents, newest first" columns={COLUMNS} rows={incidents} keyOf={(incident) => incident.id} />
  );
}
