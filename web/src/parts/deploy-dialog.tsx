import { useState } from "react";
import type { Status } from "../../../src/contract/status.ts";
import { deploy } from "../api/actions.ts";
import { usePlan } from "../api/queries.ts";
import { navigate } from "../router.tsx";
import { to } from "../routes.ts";
import { useSettled } from "../use-settled.ts";
import type { DeployChoice } from "../view/deploy-request.ts";
import { deployRequestOf } from "../view/deploy-request.ts";
import { Answer } from "./answer.tsx";
import { Confirm } from "./confirm.tsx";
import { DeployOptions } from "./deploy-options.tsx";
import { PlanView } from "./plan-view.tsx";

const TYPING_MS = 400;

/** Shows the plan of a deploy, again after each change of the options, and starts exactly that on confirmation. */
export function DeployDialog({ status, onClose }: { status: Status; onClose: () => void }) {
  const services = status.services.map((service) => service.name);
  const [choice, setChoice] = useState<DeployChoice>({ only: services, strategy: "", release: "" });
  const wanted = deployRequestOf(status.environment, services, choice);
  const request = "request" in wanted ? wanted.request : null;
  const settled = useSettled(request, TYPING_MS);
  const plan = usePlan(settled);
  const current = JSON.stringify(request) === JSON.stringify(settled);
  return (
    <Confirm
      title={`Deploy to ${status.environment}`}
      verb="Deploy"
      ready={request !== null && current && plan.isSuccess}
      run={async () => {
        if (!request) return;
        const rollout = await deploy(request);
        navigate(to.rollout(rollout.id));
      }}
      onClose={onClose}
    >
      {"problem" in wanted && <p className="problem">{wanted.problem}</p>}
      {request && <Answer query={plan}>{(data) => <PlanView plan={data} />}</Answer>}
      <DeployOptions services={services} choice={choice} onChange={setChoice} />
    </Confirm>
  );
}
