import type { Rollout } from "../../../src/contract/rollout.ts";
import { useRollout, useTraffic } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Badge } from "../parts/badge.tsx";
import { Elapsed } from "../parts/elapsed.tsx";
import { Empty } from "../parts/empty.tsx";
import { Fact, Facts } from "../parts/facts.tsx";
import { FailurePanel } from "../parts/failure-panel.tsx";
import { Folded } from "../parts/folded.tsx";
import { Heading } from "../parts/heading.tsx";
import { Journal } from "../parts/journal.tsx";
import { PlanView } from "../parts/plan-view.tsx";
import { RolloutActions } from "../parts/rollout-actions.tsx";
import { Section } from "../parts/section.tsx";
import { Stepper } from "../parts/stepper.tsx";
import { Time } from "../parts/time.tsx";
import { TrafficBars } from "../parts/traffic-bars.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { originOf } from "../view/plan.ts";
import { isActive, rolloutTone, words } from "../view/states.ts";

const TITLE: Record<Rollout["kind"], string> = { deploy: "Deploy of", rollback: "Rollback to", restore: "Restore of" };

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
  const traffic = useTraffic(rollout.id, isActive(rollout));
  return (
    <>
      <Heading
        title={`${TITLE[rollout.kind]} ${rollout.release}`}
        lead={
          <>
            <Badge tone={rolloutTone(rollout.state)}>{words(rollout.state)}</Badge>{" "}
            {isActive(rollout) ? <Waiting rollout={rollout} /> : !rollout.failure && rollout.reason}
          </>
        }
        actions={<RolloutActions rollout={rollout} />}
      />
      <Facts>
        <Fact label="Environment">{rollout.environment}</Fact>
        <Fact label="From">
          <span className="release">{originOf(rollout.plan)}</span>
        </Fact>
        <Fact label="Strategy">{rollout.strategy}</Fact>
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
      {rollout.failure && <FailurePanel failure={rollout.failure} />}
      <Section title="Traffic now">
        <Answer query={traffic}>
          {(services) => {
            const touched = services.filter(({ service }) => !kept.has(service));
            if (touched.length > 0) return <TrafficBars services={touched} />;
            return <Empty title="No routed service">None of the services in this rollout receives requests.</Empty>;
          }}
        </Answer>
      </Section>
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
