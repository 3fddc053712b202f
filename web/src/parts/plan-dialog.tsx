import type { ReactNode } from "react";
import type { RolloutPlan, RolloutSummary } from "../../../src/contract/rollout.ts";
import { toFailure } from "../api/failure.ts";
import type { PlanQuestion } from "../api/queries.ts";
import { usePlan } from "../api/queries.ts";
import { navigate } from "../router.tsx";
import { to } from "../routes.ts";
import { useSettled } from "../use-settled.ts";
import { changesNothing, unmetOf } from "../view/plan.ts";
import { Answer } from "./answer.tsx";
import { Confirm } from "./confirm.tsx";
import { Icon } from "./icon.tsx";
import { PlanEvidence } from "./plan-evidence.tsx";
import { PlanView } from "./plan-view.tsx";

const TYPING_MS = 400;

interface Props {
  title: string;
  /** The word on the button that does it; the plan is null while it is being made. */
  verb: (plan: RolloutPlan | null) => string;
  danger?: boolean;
  /** What to plan; null while the choice is not complete. */
  question: PlanQuestion;
  /** Starts what was planned, on the condition that planning still gives `planHash`. */
  start: (planHash: string) => Promise<RolloutSummary>;
  onClose: () => void;
  /** The choices: `before` the plan, or after it where few need them. */
  before?: (plan: RolloutPlan | null) => ReactNode;
  after?: ReactNode;
}

/** Shows the server's plan, again after each change of the choice, and starts exactly that plan on confirmation. */
export function PlanDialog({ title, verb, danger, question, start, onClose, before, after }: Props) {
  const settled = useSettled(question, TYPING_MS);
  const plan = usePlan(settled);
  const current = JSON.stringify(question) === JSON.stringify(settled);
  const agreed = current && plan.isSuccess && !plan.isFetching ? plan.data : null;

  async function run() {
    if (!agreed) return;
    try {
      const rollout = await start(agreed.hash);
      navigate(to.rollout(rollout.id));
    } catch (error) {
      // The reason stays on display above the new plan's button.
      if (toFailure(error).code === "SM-PLAN-CHANGED") await plan.refetch();
      throw error;
    }
  }
  return (
    <Confirm
      title={title}
      verb={verb(plan.data ?? null)}
      danger={danger}
      ready={agreed !== null && !changesNothing(agreed) && unmetOf(agreed).length === 0}
      run={run}
      onClose={onClose}
    >
      {before?.(plan.data ?? null)}
      {question && <Answer query={plan}>{(data) => data && <Planned plan={data} />}</Answer>}
      {after}
    </Confirm>
  );
}

function Planned({ plan }: { plan: RolloutPlan }) {
  const unmet = unmetOf(plan);
  return (
    <>
      {unmet.length > 0 && (
        <p className="note" data-tone="bad">
          <Icon tone="bad" />
          <span>Refused by the pre-flight: {unmet.join(", ")}. Nothing is begun.</span>
        </p>
      )}
      <PlanView plan={plan} />
      <PlanEvidence plan={plan} />
    </>
  );
}
