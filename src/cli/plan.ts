import colors from "picocolors";
import type { PlannedService, PreflightRow, RolloutPlan, UnderWay } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { isEmpty } from "../deploy/plan.ts";
import { underWayText } from "./hold-lines.ts";
import { table } from "./output.ts";
import { hang, hostLines, migrationLines, powerLines, preflightLines, usesLines } from "./plan-lines.ts";

const MARKS: Record<PlannedService["action"], string> = {
  create: "+ create",
  replace: "~ replace",
  restore: "↻ restore",
  keep: "= keep",
  remove: "- remove",
};

/** The plan for people: what changes, where and how, what was looked at before, and what has to be true; `waits`: what it waits for instead of being refused. */
export function renderPlan(plan: RolloutPlan, { waits }: { waits?: PreflightRow["item"] } = {}): string {
  const { hosts, preflight = [], power = [], migrations = [] } = plan;
  const rows = plan.services.map((item) => [
    MARKS[item.action],
    item.service,
    item.changes.join(", "),
    `${item.fromRelease ?? "–"} → ${item.toRelease ?? "–"}`,
    item.steps.map((share) => `${share} %`).join(" → "),
  ]);
  const checks = [...new Set(plan.services.flatMap((item) => item.checks))];
  return [
    headOf(plan),
    ...(hosts ? hostLines(hosts) : []),
    table(["", "service", "changes", "release", "traffic"], rows),
    ...usesLines(plan.services),
    ...(checks.length > 0 ? ["must hold:", ...checks.flatMap((check) => hang("  · ", check))] : ["nothing changes"]),
    ...preflightLines(preflight, waits),
    ...meetingLines(plan),
    ...power.flatMap(powerLines),
    ...migrations.flatMap(migrationLines),
    ...plan.warnings.flatMap((warning) => hang("note: ", warning)).map((line) => colors.yellow(line)),
  ].join("\n");
}

function headOf(plan: RolloutPlan): string {
  const { kind, release, environment, strategy } = plan;
  if (kind === "restore") return `${colors.bold("start what is missing")} of ${release} in ${environment}`;
  if (isEmpty(plan)) return `${colors.bold("nothing to deploy")}: ${environment} runs ${release}`;
  const pace = strategy.kind === "canary" ? `, ${formatDuration(strategy.everyMs)} a step` : "";
  return `${colors.bold(kind)} ${release} to ${environment} (${strategy.kind}${pace}, bake ${formatDuration(strategy.bakeMs)})`;
}

const MEETINGS: Record<UnderWay["meeting"], string> = {
  supersede: "no user has its release yet; this one takes its place",
  wait: "this one waits for its end, and is planned again then",
  refuse: "nothing else begins until it has ended",
};

/** What works on the environment now, and what becomes of the plan meanwhile; none when it is free. A plan without changes ends nothing. */
export function meetingLines(plan: RolloutPlan): string[] {
  const { underWay } = plan;
  if (!underWay) return [];
  const then = isEmpty(plan)
    ? `it goes on: stationmaster abort ${underWay.rollout} keeps what runs`
    : MEETINGS[underWay.meeting];
  const text = `the rollout ${underWayText(underWay)}; ${then}`;
  return hang("under way: ", text).map((line) => colors.yellow(line));
}
