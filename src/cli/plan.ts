import colors from "picocolors";
import type { PlannedService, RolloutPlan } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { table } from "./output.ts";

const MARKS: Record<PlannedService["action"], string> = {
  create: "+ create",
  replace: "~ replace",
  restore: "↻ restore",
  keep: "= keep",
  remove: "- remove",
};

/** The plan for people: what changes, how, and what has to be true. */
export function renderPlan(plan: RolloutPlan): string {
  const { strategy } = plan;
  const rows = plan.services.map((item) => [
    MARKS[item.action],
    item.service,
    item.changes.join(", "),
    `${item.fromRelease ?? "–"} → ${item.toRelease ?? "–"}`,
    item.steps.map((share) => `${share} %`).join(" → "),
  ]);
  const checks = [...new Set(plan.services.flatMap((item) => item.checks))];
  return [
    `${colors.bold(plan.kind)} ${plan.release} to ${plan.environment} (${strategy.kind}${strategy.kind === "canary" ? `, ${formatDuration(strategy.everyMs)} a step` : ""}, bake ${formatDuration(strategy.bakeMs)})`,
    table(["", "service", "changes", "release", "traffic"], rows),
    ...(checks.length > 0 ? ["must hold:", ...checks.map((check) => `  · ${check}`)] : ["nothing changes"]),
    ...plan.warnings.map((warning) => colors.yellow(`note: ${warning}`)),
  ].join("\n");
}
