import { FEW_HOSTS } from "../../../src/contract/host-standing.ts";
import { hostSteps } from "../../../src/contract/host-steps.ts";
import { openQuestion } from "../../../src/contract/judgement.ts";
import type { Rollout, RolloutFailure } from "../../../src/contract/rollout.ts";
import { useRollout, useTraffic } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Badge } from "../parts/badge.tsx";
import { DecisionNote } from "../parts/decision-note.tsx";
import { Elapsed } from "../parts/elapsed.tsx";
import { Empty } from "../parts/empty.tsx";
import { EvidenceSection } from "../parts/evidence-section.tsx";
import { Fact, Facts } from "../parts/facts.tsx";
import { FailurePanel } from "../parts/failure-panel.tsx";
import { Folded } from "../parts/folded.tsx";
import { Heading } from "../parts/heading.tsx";
import { HostMatrix } from "../parts/host-matrix.tsx";
import { Journal } from "../parts/journal.tsx";
import { PlanEvidence } from "../parts/plan-evidence.tsx";
import { PlanView } from "../parts/plan-view.tsx";
import { RolloutActions } from "../parts/rollout-actions.tsx";
import { Section } from "../parts/section.tsx";
import { Stepper } from "../parts/stepper.tsx";
import { Time } from "../parts/time.tsx";
import { TrafficBars } from "../parts/traffic-bars.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { useReadings } from "../use-readings.ts";
import { decisionOf } from "../view/decision.ts";
import { originOf } from "../view/plan.ts";
import { isActive, rolloutTone, words } from "../view/states.ts";

const TITLE: Record<Rollout["kind"], string> = {
  deploy: "Deploy of",
  rollback: "Rollback to",
  restore: "Restore of",
  contract: "Contract migrations of",
};

/** Whether the sentence on top of the page says all there is. */
function isBare({ logs, probe }: RolloutFailure): boolean {
  return logs.length === 0 && probe === null;
}

export function RolloutPage({ id }: { id: string }) {
  const rollout = useRollout(id);
  return (
    <Answer query={rollout} title={`Rollout ${id}`}>
      {(data) => <RolloutView rollout={data} />}
    </Answer>
  );
}

function RolloutView({ rollout }: { rollout: Rollout }) {
  const kept = new Set(rollout.plan.services.filter(({ action }) => action === "keep").map(({ service }) => service));
  const { hosts = [] } = rollout.plan;
  const traffic = useTraffic(rollout.id, isActive(rollout));
  const readings = useReadings(rollout, traffic);
  const steps = hostSteps(rollout);
  const decision = decisionOf(rollout, readings);
  const isAsked = openQuestion(rollout) !== undefined;
  return (
    <>
      <Heading
        title={`${TITLE[rollout.kind]} ${rollout.release}`}
        lead={
          <>
            <Badge tone={rolloutTone(rollout.state)}>{words(rollout.state)}</Badge>{" "}
            {isActive(rollout) ? <Waiting rollout={rollout} /> : !rollout.failure && !decision && rollout.reason}
          </>
        }
        actions={!isAsked && <RolloutActions rollout={rollout} />}
      />
      {decision && <DecisionNote decision={decision}>{isAsked && <RolloutActions rollout={rollout} />}</DecisionNote>}
      <Facts>
        <Fact label="Environment">{rollout.environment}</Fact>
        <Fact label="From">
          <span className="release">{originOf(rollout.plan)}</span>
        </Fact>
        <Fact label="Strategy">{rollout.strategy}</Fact>
        {hosts.length > 0 && (
          <Fact label={hosts.length === 1 ? "Host" : "Hosts"}>
            {hosts.length > FEW_HOSTS ? hosts.length : hosts.join(", ")}
          </Fact>
        )}
        {rollout.behind && <Fact label="Behind">{rollout.behind.join(", ")}</Fact>}
        <Fact label="By">{rollout.actor}</Fact>
        <Fact label="Started">
          <Time at={rollout.startedAt} />
        </Fact>
        <Fact label="Took">
          <Elapsed from={rollout.startedAt} until={rollout.endedAt} />
        </Fact>
        <Fact label="Id">
          <code>{rollout.id}</code>
        </Fact>
      </Facts>
      <Stepper rollout={rollout} />
      {rollout.failure && !(decision && isBare(rollout.failure)) && <FailurePanel failure={rollout.failure} />}
      {steps && (
        <Section title="Hosts">
          <HostMatrix steps={steps} />
        </Section>
      )}
      <Section title="Traffic now">
        <Answer query={traffic}>
          {(services) => {
            const touched = services.filter(({ service }) => !kept.has(service));
            if (touched.length > 0) return <TrafficBars services={touched} hosts={hosts} />;
            return <Empty title="No routed service">None of the services in this rollout receives requests.</Empty>;
          }}
        </Answer>
      </Section>
      <EvidenceSection readings={readings} services={traffic.data ?? []} />
      <PlanEvidence plan={rollout.plan} />
      <div className="columns">
        <Section title="Journal">
          <Journal rollout={rollout} />
        </Section>
        <Section title="Plan">
          <Folded label="What it changes, and what must hold">
            <PlanView plan={rollout.plan} />
          </Folded>
        </Section>
      </div>
    </>
  );
}
