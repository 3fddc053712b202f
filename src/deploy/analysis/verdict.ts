import type { RolloutPlan } from "../../contract/rollout.ts";
import { evidence, type Tally } from "./e-process.ts";
import { leastRequests } from "./least.ts";
import { baselineAlone } from "./observe.ts";
import type { Settings } from "./settings.ts";
import { type JudgeState, METRICS, type Metric } from "./state.ts";

/** `requests`: of the new release that were compared, `own` of them sent by ourselves; `came`: all, compared or not yet. */
export interface Counted {
  requests: number;
  /** Requests it takes to tell; Infinity where no number does. */
  least: number;
  own: number;
  /** The data plane ceased to tell how long requests take. */
  lost: boolean;
  came: { candidate: number; baseline: number };
}

export type Verdict =
  | ({ kind: "PASS" } & Counted)
  /** Too few requests to tell, or times were lost: silence proves nothing. */
  | ({ kind: "INCONCLUSIVE" } & Counted)
  | { kind: "FAIL"; code: "SM-CANARY-ERRORS" | "SM-CANARY-LATENCY"; message: string };

/** Of a service at the end of its time; `beside`: the old release gets requests at the same time. Guards come before it. */
export function verdictOf(
  state: JudgeState,
  settings: Settings,
  { beside, lost }: { beside: boolean; lost: boolean },
): Verdict {
  const failed = METRICS.find((metric) => evidence(state.metrics[metric].sums) >= settings.needed);
  if (failed) return { kind: "FAIL", ...failure(state, failed, settings, beside) };
  const { candidate, baseline, before, open } = state.metrics.errors;
  const known = beside ? baseline : baselineAlone({ before, baseline });
  const perRequest = beside ? baseline.requests / Math.max(1, candidate.requests) : undefined;
  const least = leastRequests({ ...settings, baseline: known, perRequest });
  const { requests } = candidate;
  const came = { candidate: requests + open.candidate.requests, baseline: known.requests + open.baseline.requests };
  const kind = requests >= least && !lost ? "PASS" : "INCONCLUSIVE";
  return { kind, requests, least, own: state.own, lost, came };
}

function failure(
  { metrics, own }: JudgeState,
  metric: Metric,
  { needed }: Settings,
  beside: boolean,
): { code: "SM-CANARY-ERRORS" | "SM-CANARY-LATENCY"; message: string } {
  const { candidate, baseline, before, sums, threshold } = metrics[metric];
  const what =
    metric === "errors"
      ? "failed"
      : `took longer than ${threshold?.toFixed(0)} ms (${metric.slice(-3)} of the old one)`;
  const from = [baseline.requests > 0 ? "beside it" : undefined, beside ? undefined : before?.from];
  const ours = metric === "errors" && own > 0 ? ` (${own} of these were sent by Stationmaster)` : "";
  const old = `${share(beside ? baseline : baselineAlone({ before, baseline }))} on the old one ${from.filter(Boolean).join(" and ")}`;
  return {
    code: metric === "errors" ? "SM-CANARY-ERRORS" : "SM-CANARY-LATENCY",
    message: `${share(candidate)} requests ${what} on the new release${ours}, ${old.trim()}: evidence ${short(evidence(sums))}, ${short(needed)} is enough`,
  };
}

function share({ requests, bad }: Tally): string {
  return `${bad} of ${requests} (${short(requests === 0 ? 0 : (100 * bad) / requests)} %)`;
}

function short(value: number): string {
  return value >= 1e6 ? value.toExponential(0) : String(Number(value.toPrecision(3)));
}

/** What follows the end of a step. `reach`: twice the time would bring enough requests. */
export function afterStep({
  verdict,
  extended,
  reach,
  onInconclusive,
}: {
  verdict: Verdict["kind"];
  extended: boolean;
  reach: boolean;
  onInconclusive: NonNullable<RolloutPlan["strategy"]["judge"]>["onInconclusive"];
}): "go on" | "extend" | "hold" | "roll back" {
  if (verdict === "FAIL") return "roll back";
  if (verdict === "PASS") return "go on";
  if (!extended && reach) return "extend";
  if (onInconclusive === "promote") return "go on";
  return onInconclusive === "hold" ? "hold" : "roll back";
}
