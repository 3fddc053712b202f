import type { Rule } from "../../rule.ts";
import { autoscaling } from "./autoscaling.ts";
import { capabilities, privileges, rootFilesystem, seccomp } from "./container-security.ts";
import { conventions } from "./conventions.ts";
import { disruption } from "./disruption.ts";
import { host } from "./host.ts";
import { networkPolicies } from "./network-policies.ts";
import { probes } from "./probes.ts";
import { replicas } from "./replicas.ts";
import { resources } from "./resources.ts";
import { rollout } from "./rollout.ts";
import { secretValues } from "./secret-values.ts";
import { selectors } from "./selectors.ts";
import { serviceAccount } from "./service-account.ts";
import { user } from "./user.ts";

/** SM32 to SM48. */
export const KUBERNETES_RULES: readonly Rule[] = [
  user,
  privileges,
  rootFilesystem,
  capabilities,
  seccomp,
  serviceAccount,
  resources,
  probes,
  replicas,
  disruption,
  autoscaling,
  selectors,
  networkPolicies,
  secretValues,
  host,
  rollout,
  conventions,
];
