import type { PlannedService, RolloutPlan, StrategyKind } from "../../../src/contract/rollout.ts";
import { duration, plural } from "../view/format.ts";
import { Icon } from "./icon.tsx";

/** What a rollout does to each service, and what must hold before users see it. */
export function PlanView({ plan }: { plan: RolloutPlan }) {
  const kept = plan.services.filter((service) => service.action === "keep");
  const touched = plan.services.filter((service) => service.action !== "keep");
  return (
    <div className="plan">
      {plan.warnings.map((warning) => (
        <p key={warning} className="note" data-tone="warn">
          <Icon tone="warn" />
          <span>{warning}</span>
        </p>
      ))}
      {touched.length === 0 && <p>Nothing differs from what runs now.</p>}
      <ul className="plan-list">
        {touched.map((service) => (
          <PlanItem key={service.service} item={service} usual={plan.strategy.kind} />
        ))}
      </ul>
      {touched.length > 0 && <p className="muted">{paceOf(plan.strategy)}</p>}
      {kept.length > 0 && <p className="muted">Unchanged: {kept.map((service) => service.service).join(", ")}</p>}
    </div>
  );
}

function paceOf({ kind, steps, everyMs, bakeMs }: RolloutPlan["strategy"]): string {
  const shares = steps.map((step) => `${step} %`).join(" → ");
  const wait = steps.length > 1 ? `, ${duration(everyMs)} each` : "";
  const bake = bakeMs > 0 ? `; then the old release stays ready for ${duration(bakeMs)}` : "";
  return `${kind}${shares && `: requests ${shares}`}${wait}${bake}.`;
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
        </p>
      )}
      {item.changes.length > 0 && <p className="muted">Changed: {item.changes.join(", ")}</p>}
      {item.checks.length > 0 && (
        <ul className="plan-checks" aria-label={`Checks before users see ${item.service}`}>
          {item.checks.map((check) => (
            <li key={check}>{check}</li>
          ))}
        </ul>
      )}
    </li>
  );
}
