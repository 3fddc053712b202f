import { useIncidents } from "../api/queries.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { Answer } from "./answer.tsx";
import { Empty } from "./empty.tsx";
import { Section } from "./section.tsx";
import { Time } from "./time.tsx";

/** Incidents that wait for their post-mortem. */
export function PostMortems() {
  const incidents = useIncidents("review");
  return (
    <Section title="Post-mortems that are due">
      <Answer query={incidents}>
        {(data) =>
          data.length > 0 ? (
            <ul className="links">
              {data.map(({ id, service, symptom, severity, openedAt }) => (
                <li key={id}>
                  {severity}{" "}
                  <Link href={to.incident(id)}>
                    {service}: {symptom}
                  </Link>{" "}
                  <span className="muted">
                    <Time at={openedAt} />
                  </span>
                  , <Link href={to.report({ kind: "postmortem", id })}>draft</Link>
                </li>
              ))}
            </ul>
          ) : (
            <Empty title="None is due">Severe, long and recurring incidents appear here when they are over.</Empty>
          )
        }
      </Answer>
    </Section>
  );
}
