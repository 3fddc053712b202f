import type { Incident } from "../../../src/contract/incident.ts";
import { useIncident } from "../api/queries.ts";
import { AcknowledgeDialog } from "../parts/acknowledge-dialog.tsx";
import { ActionTable } from "../parts/action-table.tsx";
import { Answer } from "../parts/answer.tsx";
import { ApproveButton } from "../parts/approve-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { Elapsed } from "../parts/elapsed.tsx";
import { Empty } from "../parts/empty.tsx";
import { EvidenceView } from "../parts/evidence-view.tsx";
import { Fact, Facts } from "../parts/facts.tsx";
import { Heading } from "../parts/heading.tsx";
import { Section } from "../parts/section.tsx";
import { Time } from "../parts/time.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { failedChecksOf } from "../view/incident-news.ts";
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
  const closed = incident.state === "resolved";
  return (
    <>
      <Heading
        title={`${incident.service}: ${incident.symptom}`}
        lead={
          <span className="badges">
            <Badge tone={SEVERITY_TONE[incident.severity]}>{incident.severity}</Badge>
            <Badge tone={INCIDENT_TONE[incident.state]}>{incident.state}</Badge>
            {incident.acknowledged && <span className="tag">acknowledged</span>}
            {incident.escalated && <span className="tag">escalated to a person</span>}
          </span>
        }
        actions={
          !closed && (
            <>
              <ConfirmButton
                label={incident.acknowledged ? "Acknowledged" : "Acknowledge"}
                disabled={incident.acknowledged}
              >
                {(close) => <AcknowledgeDialog id={incident.id} onClose={close} />}
              </ConfirmButton>
              <ApproveButton incident={incident} />
            </>
          )
        }
      />
      <Facts>
        <Fact label="Service">
          <Link href={to.service(incident.service)}>{incident.service}</Link>
        </Fact>
        <Fact label="Environment">{incident.environment}</Fact>
        <Fact label="Detected">
          <Time at={incident.detectedAt} />
        </Fact>
        <Fact label="Lasted">
          <Elapsed from={incident.openedAt} until={incident.resolvedAt} />
        </Fact>
        <Fact label="Failed checks">{failedChecksOf(incident).join(", ") || "–"}</Fact>
        <Fact label="Restarts left">{`${incident.restartsLeft} of 2`}</Fact>
        <Fact label="Occurrence">{incident.occurrence}</Fact>
        <Fact label="Id">
          <code>{incident.id}</code>
        </Fact>
      </Facts>
      <Section title="Actions">
        {incident.actions.length > 0 ? (
          <ActionTable actions={incident.actions} />
        ) : (
          <Empty title="No action taken">
            {closed ? "It recovered by itself." : "Evidence is collected first; the remedies of this service follow."}
          </Empty>
        )}
      </Section>
      <Section title="Timeline">
        <Timeline events={incident.timeline} />
      </Section>
      <Section title="Evidence">
        {incident.evidence ? (
          <EvidenceView evidence={incident.evidence} />
        ) : (
          <Empty title="Not collected yet">Logs, metrics and recent changes appear here within 30 seconds.</Empty>
        )}
      </Section>
    </>
  );
}
