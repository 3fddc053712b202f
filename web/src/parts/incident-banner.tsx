import type { IncidentSummary } from "../../../src/contract/incident.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { INCIDENT_TONE, SEVERITY_TONE } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { Icon } from "./icon.tsx";
import { Time } from "./time.tsx";

/** Unresolved incidents on top of the overview, the worst first. */
export function IncidentBanner({ incidents }: { incidents: readonly IncidentSummary[] }) {
  const open = incidents.filter((incident) => incident.state !== "resolved" && incident.state !== "suspect");
  if (open.length === 0) return null;
  const sorted = [...open].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <section className="banner-list" aria-label="Open incidents">
      {sorted.map((incident) => (
        <div key={incident.id} className="note" data-tone={SEVERITY_TONE[incident.severity]}>
          <Icon tone={SEVERITY_TONE[incident.severity]} />
          <p>
            <strong>{incident.severity}</strong>{" "}
            <Link href={to.incident(incident.id)}>
              {incident.service}: {incident.symptom}
            </Link>
          </p>
          <span className="note-aside">
            <Badge tone={INCIDENT_TONE[incident.state]}>{incident.state}</Badge>
            <span className="muted">
              <Time at={incident.openedAt} />
              {incident.acknowledged && ", acknowledged"}
            </span>
          </span>
        </div>
      ))}
    </section>
  );
}
