import type { IncidentSummary } from "../../../src/contract/incident.ts";
import { useIncidents } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { IncidentFilters } from "../parts/incident-filters.tsx";
import { IncidentList } from "../parts/incident-list.tsx";
import { IncidentPages } from "../parts/incident-pages.tsx";
import { Link } from "../router.tsx";
import type { IncidentFilter } from "../routes.ts";

export function IncidentsPage({ filter }: { filter: IncidentFilter }) {
  const { state, severity, service } = filter;
  const incidents = useIncidents(state);
  const services = incidents.data?.map((incident) => incident.service) ?? [];
  const fits = (incident: IncidentSummary) =>
    (severity === null || incident.severity === severity) && (service === null || incident.service === service);
  return (
    <>
      <Heading title="Incidents" lead="What broke, what was done about it, and whether a person has to act." />
      <IncidentPages current="/incidents" />
      <IncidentFilters filter={filter} services={services} />
      <Answer query={incidents}>
        {(data) => {
          const shown = data.filter(fits);
          return shown.length > 0 ? <IncidentList incidents={shown} /> : <Nothing state={state} hidden={data.length} />;
        }}
      </Answer>
    </>
  );
}

function Nothing({ state, hidden }: { state: IncidentFilter["state"]; hidden: number }) {
  if (hidden > 0) return <Empty title="None fits">Others are there: choose any severity and service.</Empty>;
  if (state === "all")
    return <Empty title="No incident so far">Stop a process by hand to see one open and heal.</Empty>;
  if (state === "review")
    return <Empty title="No review is due">Severe and recurring incidents wait here for their post-mortem.</Empty>;
  return (
    <Empty title="No open incident">
      Everything that is checked answers. <Link href="/incidents?state=all">Show resolved incidents</Link>
    </Empty>
  );
}
