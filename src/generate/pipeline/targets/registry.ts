import type { Plan, Target } from "../../plan.ts";
import type { Delivery, Stage } from "../release.ts";
import { awsDelivery } from "./aws.ts";
import { azureDelivery } from "./azure.ts";
import { composeDelivery } from "./compose.ts";
import { gcpDelivery } from "./gcp.ts";
import { kubernetesDelivery } from "./kubernetes.ts";
import { railwayDelivery } from "./railway.ts";
import { vercelDelivery } from "./vercel.ts";

const DELIVERIES: Record<Target, (plan: Plan, stage: Stage) => Delivery> = {
  compose: composeDelivery,
  railway: railwayDelivery,
  vercel: vercelDelivery,
  kubernetes: kubernetesDelivery,
  aws: awsDelivery,
  gcp: gcpDelivery,
  azure: azureDelivery,
};

/** How a release gets to a stage of the target of the plan. */
export function deliveryOf(plan: Plan, stage: Stage): Delivery {
  return DELIVERIES[plan.target](plan, stage);
}
