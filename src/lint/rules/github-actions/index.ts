import type { Rule } from "../../rule.ts";
import { cache } from "./cache.ts";
import { checkout } from "./checkout.ts";
import { cloudKeys } from "./cloud-keys.ts";
import { concurrency } from "./concurrency.ts";
import { deploys } from "./deploys.ts";
import { injection } from "./injection.ts";
import { permissions } from "./permissions.ts";
import { pinnedUses } from "./pinned-uses.ts";
import { runs } from "./runs.ts";
import { secrets } from "./secrets.ts";
import { syntax } from "./syntax.ts";
import { triggers } from "./triggers.ts";

/** SM18 to SM29. */
export const GITHUB_ACTIONS_RULES: readonly Rule[] = [
  syntax,
  permissions,
  pinnedUses,
  checkout,
  injection,
  triggers,
  cloudKeys,
  secrets,
  concurrency,
  cache,
  runs,
  deploys,
];
