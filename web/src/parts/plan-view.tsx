import type { PlannedService, RolloutPlan, StrategyKind } from "../../../src/contract/rollout.ts";
import { Link } from "../router.tsx";
import { to } from "../routes.ts";
import { plural } from "../view/format.ts";
import { changesNothing, meetingOf, paceOf, placesOf } from "../view/plan.ts";
import { words } from "../view/states.ts";
import { Icon } from "./icon.tsx";

/** What a rollout does to each service, and what must hold before users see it. */
export function PlanView({ plan }: { plan: RolloutPlan }) {
  const kept = plan.services.filter((service) => service.action === "keep");
  const touched = plan.services.filter((service) => service.action !== "keep");
  return (
    <div className="plan">
      {plan.underWay && (
        <p className="note" data-tone="warn">
          <Icon tone="warn" />
          <span>
            {meetingOf(plan.underWay)}{" "}
            <Link href={to.rollout(plan.underWay.rollout)}>
              {plan.underWay.release}, {words(plan.underWay.state)}
            </Link>
          </span>
        </p>
      )}
      {plan.warnings.map((warning) => (
        <p key={warning} className="note" data-tone="warn">
          <Icon tone="warn" />
          <span>{warning}</span>
        </p>
      ))}
      {changesNothing(plan) && (
        <p>Nothing differs from what runs now. To roll it out all the same, give it a release name under Options.</p>
      )}
      <ul className="plan-list">
        {touched.map((service) => (
          <PlanItem key={service.service} item={service} usual={plan.strategy.kind} />
        ))}
      </ul>
      {touched.length > 0 && <p className="muted">{paceOf(plan)}</p>}
      {plan.hosts && <p className="muted">On {placesOf(plan.hosts)}</p>}
      {kept.length > 0 && <p className="muted">Unchanged: {kept.map((service) => service.service).join(", ")}</p>}
    </div>
  );
}

function PlanItem({ item, usual }: { item: PlannedService; usual: StrategyKind }) {
  return (
    <li>
      <p className="plan-title">
        <strong>{item.action}</strong> {item.service}{" "}
        <span className="release">
          {item.fromRelease && `${item.fromRelease} → `}
          {item.toRelease ?? "nothing"}
        </span>
      </p>
      {item.action !== "remove" && (
        <p className="muted">
          {plural(item.replicas, "replica")}
          {item.strategy !== usual && `, ${item.strategy}`}
          {item.changes.length > 0 && `; changed: ${item.changes.join(", ")}`}
        </p>
      )}
      {item.uses?.map((use) => (
        <p key={use} className="muted wrap">
          {use}
        </p>
      ))}
      {item.checks.length > 0 && (
        <>
          <p className="muted">Must hold, or it is undone:</p>
          <ul className="plan-checks" aria-label={`What must hold for ${item.service}`}>
            {item.checks.map((check) => (
              <li key={check}>{check}</li>
            ))}
          </ul>
        </>
      )}
    </li>
  );
}
