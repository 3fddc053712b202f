import { useIncidents } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { IncidentList } from "../parts/incident-list.tsx";
import { Link } from "../router.tsx";

export function IncidentsPage({ all }: { all: boolean }) {
  const incidents = useIncidents(all ? "all" : "open");
  return (
    <>
      <Heading title="Incidents" lead="What broke, what was done about it, and whether a person has to act." />
      <nav className="tabs" aria-label="Which incidents">
        <Link className="page-link" href="/incidents" aria-current={all ? undefined : "page"}>
          Open
        </Link>
        <Link className="page-link" href="/incidents?state=all" aria-current={all ? "page" : undefined}>
          All
        </Link>
      </nav>
      <Answer query={incidents}>
        {(data) => {
          if (data.length > 0) return <IncidentList incidents={data} />;
          if (all) return <Empty title="No incident so far">Stop a process by hand to see one open and heal.</Empty>;
          return (
            <Empty title="No open incident">
              Everything that is checked answers. <Link href="/incidents?state=all">Show resolved incidents</Link>
            </Empty>
          );
        }}
      </Answer>
    </>
  );
}
