import type { Rule } from "../../rule.ts";
import { awsContainers } from "./aws-containers.ts";
import { awsDatabase } from "./aws-database.ts";
import { awsIdentity } from "./aws-identity.ts";
import { awsLoadBalancer } from "./aws-load-balancer.ts";
import { awsNetwork } from "./aws-network.ts";
import { awsDelivery, awsLogs, awsStorage } from "./aws-storage.ts";
import { otherClouds } from "./other-clouds.ts";
import { project } from "./project.ts";

/** SM49 to SM58. */
export const TERRAFORM_RULES: readonly Rule[] = [
  project,
  awsDatabase,
  awsLoadBalancer,
  awsContainers,
  awsNetwork,
  awsStorage,
  awsDelivery,
  awsLogs,
  awsIdentity,
  otherClouds,
];
