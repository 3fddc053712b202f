import type { Plan } from "../plan.ts";
import { namedPlan } from "./kubernetes/names.ts";
import { cloudNames } from "./terraform/named.ts";

/** The plan with the names that its target has for services and programs; other targets take them as they are. */
export function targetNames(plan: Plan): Plan {
  switch (plan.target) {
    case "kubernetes":
      return namedPlan(plan);
    case "aws":
    case "gcp":
    case "azure":
      return cloudNames(plan);
    default:
      return plan;
  }
}
