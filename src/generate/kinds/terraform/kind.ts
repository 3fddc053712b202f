import type { Kind } from "../../kind.ts";
import type { Plan } from "../../plan.ts";
import { awsFiles } from "./aws/files.ts";
import { azureFiles } from "./azure/files.ts";
import { gcpFiles } from "./gcp/files.ts";
import { filesOf, type Module } from "./module.ts";
import { cloudNames } from "./named.ts";

/** Clouds that infrastructure code is written for, each in a folder of its own. */
const CLOUDS: Record<Plan["cloud"]["provider"], (plan: Plan) => Module> = {
  aws: awsFiles,
  gcp: gcpFiles,
  azure: azureFiles,
};

/** Terraform for the cloud that the plan names: plain resources, state encrypted and locked, one file of values per environment. */
export const terraform: Kind = {
  id: "terraform",
  title: "infrastructure as code",
  wanted: ({ target }) => target === "aws" || target === "gcp" || target === "azure",
  render: (plan) => (plan.services.length === 0 ? [] : filesOf(CLOUDS[plan.cloud.provider](cloudNames(plan)))),
};
