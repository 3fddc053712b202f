import type { Incident } from "../../../src/contract/incident.ts";
import { useIncident } from "../api/queries.ts";
import { ActionItems } from "../parts/action-items.tsx";
import { Answer } from "../parts/answer.tsx";
import { Badge } from "../parts/badge.tsx";
import { Empty } from "../parts/empty.tsx";
import { EvidenceView } from "../parts/evidence-view.tsx";
import { FlagTags } from "../parts/flag-tags.tsx";
import { Heading } from "../parts/heading.tsx";
import { HealingSection } from "../parts/healing-section.tsx";
import { Icon } from "../parts/icon.tsx";
import { IncidentFacts } from "../parts/incident-facts.tsx";
import { IncidentOrders } from "../parts/incident-orders.tsx";
import { ProposalNote } from "../parts/proposal-note.tsx";
import { Section } from "../parts/section.tsx";
import { StormTable } from "../parts/storm-table.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { ToldTable } from "../parts/told-table.tsx";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { INCIDENT_TONE, SEVERITY_TONE } from "../view/states.ts";

export function IncidentPage({ id }: { id: string }) {
  const incident = useIncident(id);
  return (
    <Answer query={incident} title={`Incident ${id}`}>
      {(data) => <IncidentView incident={data} />}
    </Answer>
  );
}

function IncidentView({ incident }: { incident: Incident }) {
  const { id, service, symptom, severity, state, cause, storm, notifications, evidence } = incident;
  return (
    <>
      <Heading
        title={`${service}: ${symptom}`}
        lead={
          <span className="badges">
            <Badge tone={SEVERITY_TONE[severity]}>{severity}</Badge>
            <Badge tone={INCIDENT_TONE[state]}>{state}</Badge>
            <FlagTags incident={incident} />
          </span>
        }
        actions={<IncidentOrders incident={incident} />}
      />
      <ProposalNote incident={incident} />
      {cause && (
        <section className="note" data-tone="idle" aria-label="Last change before">
          <Icon tone="idle" />
          <p>
            <strong>Last change before</strong>: {cause}
          </p>
        </section>
      )}
      <IncidentFacts incident={incident} />
      <HealingSection incident={incident} />
      {storm && (
        <Section title={`Stands for: ${storm.cause}`}>
          <StormTable members={storm.members} />
        </Section>
      )}
      <Section title="Who was called">
        {notifications.length > 0 ? (
          <ToldTable caption="Who was told of it, oldest first" messages={notifications} />
        ) : (
          <Empty title="Nobody was called">
            SEV3 is told only to channels that <code>escalate</code> names for it, and what is kept quiet to nobody.
          </Empty>
        )}
      </Section>
      <Section title="Timeline">
        <Timeline events={incident.timeline} />
      </Section>
      <Section title="Evidence">
        {evidence ? (
          <EvidenceView evidence={evidence} />
        ) : (
          <Empty title="Not collected yet">Logs, metrics and recent changes appear here within 30 seconds.</Empty>
        )}
      </Section>
      <ActionItems incident={id} />
      <Section title="Reports">
        <ul className="links">
          <li>
            <Link href={to.report({ kind: "incident", id })}>Incident report</Link>
          </li>
          <li>
            <Link href={to.report({ kind: "postmortem", id })}>Draft of the post-mortem</Link>
          </li>
        </ul>
      </Section>
    </>
  );
}
