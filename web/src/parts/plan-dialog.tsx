import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useState } from "react";
import type { RolloutPlan, RolloutSummary } from "../../../src/contract/rollout.ts";
import { toFailure } from "../api/failure.ts";
import type { PlanQuestion } from "../api/queries.ts";
import { usePlan } from "../api/queries.ts";
import { navigate } from "../router.tsx";
import { to } from "../routes.ts";
import { useSettled } from "../use-settled.ts";
import { changesNothing } from "../view/plan.ts";
import { NO_TERMS, type Overrides, settle } from "../view/terms.ts";
import { Answer } from "./answer.tsx";
import { Confirm } from "./confirm.tsx";
import { Icon } from "./icon.tsx";
import { PlanEvidence } from "./plan-evidence.tsx";
import { PlanTerms } from "./plan-terms.tsx";
import { PlanView } from "./plan-view.tsx";

const TYPING_MS = 400;
const WAITING = { opening: " when it opens", rollout: " after it" } as const;

interface Props {
  title: string;
  /** The word on the button that does it; the plan is null while it is being made. */
  verb: (plan: RolloutPlan | null) => string;
  danger?: boolean;
  /** What to plan; null while the choice is not complete. */
  question: PlanQuestion;
  /** Starts what was planned, on the condition that planning still gives `planHash`. */
  start: (planHash: string, overrides: Overrides) => Promise<RolloutSummary>;
  /** Leaves it to begin when the environment is free and open; absent where that is not possible. */
  queue?: (planHash: string, overrides: Overrides) => Promise<unknown>;
  onClose: () => void;
  /** The choices: `before` the plan, or after it where few need them. */
  before?: (plan: RolloutPlan | null) => ReactNode;
  after?: ReactNode;
}

/** Shows the server's plan, again after each change of the choice, and starts exactly that plan on confirmation. */
export function PlanDialog({ title, verb, danger = false, question, start, queue, onClose, before, after }: Props) {
  const client = useQueryClient();
  const settled = useSettled(question, TYPING_MS);
  const plan = usePlan(settled);
  const [terms, setTerms] = useState(NO_TERMS);
  const current = JSON.stringify(question) === JSON.stringify(settled);
  const agreed = current && plan.isSuccess && !plan.isFetching ? plan.data : null;
  const { left, isReady, waits, asksReason, overrides } = settle(plan.data ?? {}, terms);

  async function run() {
    if (!agreed) return;
    try {
      if (queue && waits) {
        await queue(agreed.hash, overrides);
        await client.invalidateQueries({ queryKey: ["status"] });
        return navigate(to.environment);
      }
      const rollout = await start(agreed.hash, overrides);
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
      verb={`${verb(plan.data ?? null)}${queue && waits ? WAITING[waits] : asksReason ? " all the same" : ""}`}
      danger={danger || asksReason}
      ready={agreed !== null && !changesNothing(agreed) && isReady}
      run={run}
      onClose={onClose}
    >
      {before?.(plan.data ?? null)}
      {question && (
        <Answer query={plan}>
          {(data) =>
            data && (
              <>
                {left.length > 0 && (
                  <p className="note" data-tone="bad">
                    <Icon tone="bad" />
                    <span>
                      Refused by the pre-flight: {left.join(", ")}. Nothing is begun. Below the plan you can take it on
                      yourself.
                    </span>
                  </p>
                )}
                <PlanView plan={data} />
                <PlanEvidence plan={data} />
                <PlanTerms plan={data} terms={terms} onChange={setTerms} mayWait={queue !== undefined} />
              </>
            )
          }
        </Answer>
      )}
      {after}
    </Confirm>
  );
}
