import type { Rule } from "./rule.ts";
import { COMPOSE_RULES } from "./rules/compose/index.ts";
import { DOCKERFILE_RULES } from "./rules/dockerfile/index.ts";
import { envExample } from "./rules/environment/env-example.ts";
import { GITHUB_ACTIONS_RULES } from "./rules/github-actions/index.ts";
import { gitlab } from "./rules/gitlab/gitlab.ts";
import { jenkins } from "./rules/jenkins/jenkins.ts";
import { KUBERNETES_RULES } from "./rules/kubernetes/index.ts";
import { observability } from "./rules/observability/observability.ts";
import { TERRAFORM_RULES } from "./rules/terraform/index.ts";

/** All rules, in the order of their numbers. */
export const RULES: readonly Rule[] = [
  ...DOCKERFILE_RULES,
  ...COMPOSE_RULES,
  ...GITHUB_ACTIONS_RULES,
  gitlab,
  jenkins,
  ...KUBERNETES_RULES,
  ...TERRAFORM_RULES,
  observability,
  envExample,
];
