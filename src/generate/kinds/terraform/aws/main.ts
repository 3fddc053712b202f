import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { data } from "../blocks.ts";
import { projectSlug } from "../naming.ts";
import { needsNetwork } from "./network.ts";

/** The name that everything begins with, and the account. */
export function main(plan: Plan): HclBlock[] {
  const network = needsNetwork(plan);
  return [
    data("aws_caller_identity", "current", {}),
    ...(network ? [data("aws_availability_zones", "available", { state: "available" })] : []),
    {
      block: "locals",
      body: [
        { attribute: "name", value: template(`${projectSlug(plan)}-\${var.environment}`) },
        ...(network
          ? [{ attribute: "zones", value: expr("slice(data.aws_availability_zones.available.names, 0, var.zones)") }]
          : []),
      ],
    },
  ];
}
