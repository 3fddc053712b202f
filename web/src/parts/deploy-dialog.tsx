import { useState } from "react";
import type { Status } from "../../../src/contract/status.ts";
import { deploy, queueDeploy } from "../api/actions.ts";
import type { DeployChoice } from "../view/deploy-request.ts";
import { deployRequestOf } from "../view/deploy-request.ts";
import { DeployOptions } from "./deploy-options.tsx";
import { PlanDialog } from "./plan-dialog.tsx";

/** A deploy of all or some services: options, plan, confirmation. */
export function DeployDialog({ status, onClose }: { status: Status; onClose: () => void }) {
  const services = status.services.map((service) => service.name);
  const [choice, setChoice] = useState<DeployChoice>({ only: services, strategy: "", release: "" });
  const wanted = deployRequestOf(status.environment, services, choice);
  const request = "request" in wanted ? wanted.request : null;
  return (
    <PlanDialog
      title={`Deploy to ${status.environment}`}
      verb={() => "Deploy"}
      question={request && { kind: "deploy", request }}
      start={(planHash, overrides) => deploy({ ...request, ...overrides, planHash })}
      queue={(planHash, overrides) => queueDeploy({ ...request, ...overrides, planHash })}
      onClose={onClose}
      before={() => "problem" in wanted && <p className="problem">{wanted.problem}</p>}
      after={<DeployOptions services={services} choice={choice} onChange={setChoice} />}
    />
  );
}
