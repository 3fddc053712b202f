import type { HealingPlan } from "../../../src/contract/healing.ts";
import { leftText, nothingText, waitText } from "../view/healing.ts";

/** What healing does, what it would do next, and what stands in its way. */
export function HealingPlanView({ plan }: { plan: HealingPlan }) {
  const { underWay, next, after, refused } = plan;
  const wait = waitText(plan);
  return (
    <dl className="payload ladder">
      {underWay && <Rung label="Under way">{underWay}</Rung>}
      <Rung label="Next">
        {next === null ? nothingText(plan) : <strong>{next.name}</strong>}
        {next?.evidence && <span className="muted"> (evidence {next.evidence})</span>}
        {wait && <span className="rung-wait">{wait}</span>}
      </Rung>
      {after.length > 0 && <Rung label="After that">{after.join(", then ")}</Rung>}
      {refused.map(({ remedy, reason }) => (
        <Rung key={`${remedy} ${reason}`} label="Passed over">{`${remedy}: ${reason}`}</Rung>
      ))}
      <Rung label="Left">{leftText(plan)}</Rung>
    </dl>
  );
}

function Rung({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
