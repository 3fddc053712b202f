import type { Rule } from "./rule.ts";
import { COMPOSE_RULES } from "./rules/compose/index.ts";
import { DOCKERFILE_RULES } from "./rules/dockerfile/index.ts";

import { envExample } from "./rules/environment/env-example.ts";

/** All rules, in the order of their numbers. */
export const RULES: readonly Rule[] = [...DOCKERFILE_RULES, ...COMPOSE_RULES, envExample];
