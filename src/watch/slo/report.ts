import type { SloReport } from "../../contract/slo.ts";
import { MINUTE_MS } from "../buckets.ts";
import type { Totals } from "../history.ts";
import type { Statement } from "../synthetic.ts";
import { type BurnRule, burnRate, firingRule, type Tally, type Window } from "./burn.ts";
import type { Objective } from "./objectives.ts";

/** How often the rules are looked at. */
export const SLO_BEAT_MS = MINUTE_MS;
const PAGE_FROM = 6;

interface Known {
  tallies: Readonly<Record<Window, Tally>>;
  /** Of each of its checks over the whole window. */
  totals: readonly Totals[];
  everyMs: ReadonlyMap<string, number>;
  windowDays: number;
  downtimeMs: number | null;
  now: number;
}

/** An objective as the API shows it. */
export function toSloReport({ name, service, objective }: Objective, known: Known): SloReport {
  const { tallies, totals, windowDays, downtimeMs } = known;
  const failed = totals.reduce((sum, { fail }) => sum + fail, 0);
  const runs = totals.reduce((sum, { ok, slow, fail }) => sum + ok + slow + fail, 0);
  const rule = firingRule(tallies, objective);
  const burn = (window: Window) => burnRate(tallies[window], objective);
  return {
    ...{ name, service, objective, windowDays, runs },
    attained: runs === 0 ? null : 1 - failed / runs,
    budgetLeft: runs === 0 ? null : 1 - failed / (runs * (1 - objective)),
    burn: { "1h": burn("1h"), "6h": burn("6h"), "3d": burn("3d") },
    alert: rule && classOf(rule),
    coverage: coverageOf(known),
    downtimeMinutes: downtimeMs === null ? null : downtimeMs / MINUTE_MS,
  };
}

/** Runs that said something against those that should have been since the first one; a time without the daemon is a gap. */
function coverageOf({ totals, everyMs, now }: Known): number | null {
  let [known, planned] = [0, 0];
  for (const { checkId, ok, slow, fail, unknown, skipped, maintenance, since } of totals) {
    const runs = ok + slow + fail;
    const due = (now - since) / (everyMs.get(checkId) ?? Number.POSITIVE_INFINITY) - maintenance;
    known += runs;
    planned += Math.max(runs + unknown + skipped, due);
  }
  return planned === 0 ? null : known / planned;
}

function classOf({ burn }: BurnRule): string {
  return `burn:${burn}`;
}

/** What the rules have to say about an objective: DOWN where somebody is called, DEGRADED where it is enough to know. */
export function sloStatement(
  environment: string,
  { name, service, objective, critical }: Objective,
  tallies: Readonly<Record<Window, Tally>>,
): Statement {
  const about = {
    ...{ id: sloId(environment, name), service, critical, everyMs: SLO_BEAT_MS },
    ...{ component: "slo", family: "availability" as const },
  };
  const rule = firingRule(tallies, objective);
  if (!rule) return { ...about, verdict: "UP", class: null, detail: null };
  const { long, short } = rule;
  const rate = burnRate(tallies[long], objective) ?? 0;
  const { passed, failed } = tallies[long];
  return {
    ...about,
    verdict: rule.burn >= PAGE_FROM ? "DOWN" : "DEGRADED",
    class: classOf(rule),
    detail: `the error budget of ${name} is used up ${rate.toFixed(1)} times too fast: ${failed} of ${passed + failed} runs failed in ${long}, and they still do in ${short}`,
    facts: { burn: rate },
  };
}

/** The id of the computed check that stands for an objective. */
export function sloId(environment: string, name: string): string {
  return `${environment}/slo/${name}`;
}
