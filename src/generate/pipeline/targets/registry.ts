import type { Plan, Target } from "../../plan.ts";
import { buildVariables, type Delivery, imageServices, type Stage } from "../release.ts";
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
  const delivery = DELIVERIES[plan.target](plan, stage);
  return delivery.images ? { ...delivery, notes: [...delivery.notes, ...compiledNotes(plan)] } : delivery;
}

/** What is compiled in cannot differ where one image runs everywhere. */
function compiledNotes(plan: Plan): string[] {
  const names = [...new Set(imageServices(plan).flatMap(buildVariables))].sort();
  if (names.length === 0) return [];
  return [
    `staging and production run the same image, so what is compiled into it is the same too (${names.join(", ")}): what differs is read at run time, or is an address without a host, such as /api`,
  ];
}
