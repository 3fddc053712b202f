import type { Rule } from "./rule.ts";

/** All rules, in the order of their numbers. */
export const RULES: readonly Rule[] = [];
