import { byName, type HealingFigures, type HealingPlan } from "../contract/healing.ts";
import { formatDuration } from "../core/duration.ts";
import { plural } from "../core/plural.ts";
import { localTime, table } from "./output.ts";

/** A plan for people: what is next and why not yet, what comes after, what is left. */
export function planLines(plan: HealingPlan): string[] {
  const { incident, service, well, underWay, next, after, refused, veto, notBefore, validUntil, left } = plan;
  if (service === null) return [`${incident} is about no service: there is nothing to heal`];
  const waits = veto?.reason ?? (notBefore === null ? null : `not before ${localTime(notBefore)}`);
  return [
    `${incident}  ${service}  ${standOf(plan)}`,
    ...(underWay === null ? [] : [`now      ${underWay}`]),
    nextLine(plan),
    ...(next === null && underWay === null && !well ? [`by hand  ${byName(service)}`] : []),
    ...(next === null ? [] : [`checks   have ${formatDuration(next.graceMs)} to pass after it`]),
    ...(next === null || waits === null ? [] : [`waits    ${waits}`]),
    ...(after.length === 0 ? [] : [`then     ${after.join(", then ")}`]),
    ...refused.map(({ remedy, reason }) => `refused  ${remedy}: ${reason}`),
    ...(next?.evidence == null ? [] : [`evidence ${next.evidence}`]),
    `left     ${plural(left.restarts, "restart")}; ${left.actionsThisHour} of 4 actions this hour, ${left.actionsToday} of 10 today`,
    ...(validUntil === null ? [] : [`approve  stationmaster approve ${incident} until ${localTime(validUntil)}`]),
  ];
}

/** What a person is asked who orders the next remedy: nothing holds it back but that answer. */
export function orderQuestion({ next, veto }: Pick<HealingPlan, "next" | "veto">): string {
  const anyway = veto === null ? "" : `, although by itself it would wait (${veto.reason})`;
  return `Carry out ${next?.name ?? "the next remedy"} now${anyway}?`;
}

function nextLine({ incident, stopped, well, next }: HealingPlan): string {
  if (well) return "next     nothing, all checks pass";
  if (next === null) return "next     nothing: people are called";
  return stopped === null
    ? `next     ${next.name}`
    : `by hand  ${next.name}, with stationmaster heal ${incident} --now`;
}

function standOf({ stopped, well, mode, phase }: HealingPlan): string {
  if (well) return "is well and watched";
  if (stopped !== null) return `healing has stopped: ${stopped}`;
  if (mode === "act") return "acts by itself";
  return phase === "proposed" ? "proposes, and a person decides" : "acts on a person's word only";
}

const NAMES: Readonly<Record<number, string>> = {
  1: "sessions, pool, cache",
  2: "first restart",
  3: "second restart",
  4: "redeploy",
};

/** The figures for people, a table with a line each for all, every rung, and every class of failure. */
export function figureLines({ since, total, steps, classes }: HealingFigures): string[] {
  if (total.actions + total.declined === 0) return [`nothing was healed since ${localTime(since)}`];
  const row = (name: string, item: HealingFigures["total"]) => [
    name,
    ...[item.actions, item.verified, item.held, item.failed, item.declined, item.undone].map(String),
    ...[item.success, item.regret].map((share) => (share === null ? "–" : `${Math.round(share * 100)} %`)),
  ];
  return [
    `since ${localTime(since)}; held: well for 30 min; undone: a person restarted or deployed within 60 min`,
    table(
      ["", "actions", "verified", "held", "failed", "declined", "undone", "success", "regret"],
      [
        row("all", total),
        ...steps.map((item) => row(NAMES[item.step] ?? item.remedy, item)),
        ...classes.map((item) => row(`against ${item.class}`, item)),
      ],
    ),
  ];
}
