import colors from "picocolors";
import type { PlannedService, RolloutPlan } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { table } from "./output.ts";
import { hang, hostLines, migrationLines, powerLines, preflightLines } from "./plan-lines.ts";

const MARKS: Record<PlannedService["action"], string> = {
  create: "+ create",
  replace: "~ replace",
  restore: "↻ restore",
  keep: "= keep",
  remove: "- remove",
};

/** The plan for people: what changes, where and how, what was looked at before, and what has to be true. */
export function renderPlan(plan: RolloutPlan): string {
  const { strategy, hosts, preflight = [], power = [], migrations = [] } = plan;
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
    ...(hosts ? hostLines(hosts) : []),
    table(["", "service", "changes", "release", "traffic"], rows),
    ...(checks.length > 0 ? ["must hold:", ...checks.flatMap((check) => hang("  · ", check))] : ["nothing changes"]),
    ...preflightLines(preflight),
    ...power.flatMap(powerLines),
    ...migrations.flatMap(migrationLines),
    ...plan.warnings.flatMap((warning) => hang("note: ", warning)).map((line) => colors.yellow(line)),
  ].join("\n");
}
