import type { IncidentSummary } from "../../../src/contract/incident.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { incidentNews } from "../view/incident-news.ts";
import { INCIDENT_TONE, urgency } from "../view/states.ts";
import { Badge } from "./badge.tsx";
import { Elapsed } from "./elapsed.tsx";
import { Icon } from "./icon.tsx";
import { Time } from "./time.tsx";

/** On top of the overview: what is broken, the worst first; else what was last mended. There is always a line, so that nothing jumps. */
export function IncidentBanner({ incidents }: { incidents: readonly IncidentSummary[] }) {
  const { open, mended } = incidentNews(incidents);
  if (open.length > 0)
    return (
      <section className="banner-list" aria-label="Open incidents">
        {open.map((incident) => (
          <OpenLine key={incident.id} incident={incident} />
        ))}
      </section>
    );
  return (
    <section className="banner-list" aria-label="Incidents">
      {mended ? <MendedLine incident={mended} /> : <QuietLine />}
    </section>
  );
}

function OpenLine({ incident }: { incident: IncidentSummary }) {
  const tone = urgency(incident);
  const asksPerson = incident.actions.some(({ outcome }) => outcome === "proposed");
  return (
    <div className="note" data-tone={tone}>
      <Icon tone={tone} />
      <p>
        <strong>{incident.severity}</strong>{" "}
        <Link href={to.incident(incident.id)}>
          {incident.service}: {incident.symptom}
        </Link>
      </p>
      <span className="note-aside">
        {asksPerson && <Badge tone="warn">a person decides</Badge>}
        <Badge tone={INCIDENT_TONE[incident.state]}>
          {incident.state === "monitoring" ? "healed, being watched" : incident.state}
        </Badge>
        <span className="muted">
          opened <Time at={incident.openedAt} />
          {incident.acknowledged && ", acknowledged"}
        </span>
      </span>
    </div>
  );
}

function MendedLine({ incident }: { incident: IncidentSummary & { resolvedAt: string } }) {
  return (
    <div className="note quiet" data-tone="ok">
      <Icon tone="ok" />
      <p>
        No open incident. Last:{" "}
        <Link href={to.incident(incident.id)}>
          {incident.service}: {incident.symptom}
        </Link>
        , resolved after <Elapsed from={incident.openedAt} until={incident.resolvedAt} />
      </p>
      <span className="note-aside muted">
        <Time at={incident.resolvedAt} />
      </span>
    </div>
  );
}

function QuietLine() {
  return (
    <div className="note quiet" data-tone="ok">
      <Icon tone="ok" />
      <p>No open incident.</p>
    </div>
  );
}
