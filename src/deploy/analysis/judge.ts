import type { RouteView } from "../../platforms/traffic.ts";
import { findAnalysis, saveAnalysis } from "../../store/analysis.ts";
import type { AnalysisRow } from "../../store/tables/hosts.ts";
import { readTraffic } from "../../store/traffic.ts";
import type { Run, Sides } from "../run.ts";
import { countsOf } from "./counts.ts";
import { evidence } from "./e-process.ts";
import { observe, prime } from "./observe.ts";
import { settingsOf } from "./settings.ts";
import { createSource, type Source } from "./source.ts";
import { type Answer, freshState, type JudgeState, METRICS, type Metric, type MetricState } from "./state.ts";
import { LOOK_BACK_MS } from "./tables.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** Compares the new release of one service with the old one while a rollout goes on; what it counted is in the store. */
export interface Judge {
  /** Takes in what came since the last look. */
  look(view: RouteView, sides: Sides): Promise<void>;
  /** Answers to requests of our own, which the data plane does not see; the next look takes them in. */
  add(answers: readonly Answer[]): void;
  verdict(): Verdict;
  /** What guards look at: requests of both sides so far, how long their latest took, and failures of the new one in a row. */
  counts(): ReturnType<typeof countsOf>;
  /** The e-values of what was compared so far, and the one that fails the release. */
  evidence(): { metric: Metric; evidence: number; needed: number }[];
  /** Whether the data plane tells how long requests took; without it only errors are judged. */
  times: Source["times"];
}

/** Takes up the counts of this rollout where a crash left them. */
export async function openJudge(run: Run, service: string): Promise<Judge> {
  const { db } = run.dependencies.store;
  const settings = settingsOf(run.plan);
  const source = createSource(run, service);
  let state = restore(await findAnalysis(db, run.row.id, service));
  let beside = false;
  let own: Answer[] = [];

  return {
    look: async (view, { stable, candidate }) => {
      const { answers, first } = await source.look(view);
      const units = { candidate: ids(candidate), stable: ids(stable) };
      beside = view.share < 100 && view.stable.length > 0;
      if (first) {
        const before = state.metrics.errors.before ?? (await stableBefore(run, service, view, units.stable));
        const { metrics } = state;
        state = prime(
          { ...state, metrics: { ...metrics, errors: { ...metrics.errors, before } } },
          { answers, ...units },
        );
      } else {
        const all = [...answers, ...own];
        own = [];
        if (all.length === 0) return;
        const now = run.dependencies.clock.now();
        state = observe(state, { answers: all, ...units, beside, now, ratio: settings.ratio });
      }
      await saveAnalysis(db, run.lease, rows(run.row.id, service, state));
    },
    add: (answers) => {
      own.push(...answers);
    },
    verdict: () => verdictOf(state, settings, { beside, lost: source.times() === "lost" }),
    evidence: () =>
      METRICS.filter((metric) => state.metrics[metric].candidate.requests > 0).map((metric) => ({
        metric,
        evidence: evidence(state.metrics[metric].sums),
        needed: settings.needed,
      })),
    counts: () => countsOf(state, beside),
    times: source.times,
  };
}

/** The old release before users got the new one: by the minutes that were recorded, else by all its units' counters. */
async function stableBefore(
  run: Run,
  service: string,
  view: RouteView,
  stable: ReadonlySet<string>,
): Promise<MetricState["before"]> {
  const release = run.plan.services.find((planned) => planned.service === service)?.fromRelease;
  if (!release) return null;
  const { app, env } = run.row;
  const { store } = run.dependencies;
  const recorded = await readTraffic(store.db, { app, env, service, release, withinMs: LOOK_BACK_MS });
  if (recorded.requests > 0)
    return { requests: recorded.requests, bad: recorded.errors, from: "in the 30 min before the shift" };
  const figures = Object.entries(view.figures).flatMap(([id, counted]) => (stable.has(id) ? [counted] : []));
  const sum = (key: "requests" | "errors") => figures.reduce((total, counted) => total + counted[key], 0);
  return { requests: sum("requests"), bad: sum("errors"), from: "since it was started" };
}

function ids(units: readonly { id: string }[]): ReadonlySet<string> {
  return new Set(units.map(({ id }) => id));
}

/** What is kept beside counts and sums. */
interface Kept {
  threshold?: number | null;
  before?: MetricState["before"];
  seen?: Record<string, number>;
  own?: number;
}

function restore(stored: readonly AnalysisRow[]): JudgeState {
  const state = freshState();
  for (const metric of METRICS) {
    const row = stored.find((known) => known.metric === metric);
    if (!row) continue;
    const { threshold = null, before = null, seen = state.seen, own = state.own }: Kept = row.state;
    Object.assign(state, { seen, own });
    Object.assign(state.metrics[metric], {
      candidate: { requests: row.candidateRequests, bad: row.candidateBad },
      baseline: { requests: row.baselineRequests, bad: row.baselineBad },
      sums: row.sums,
      threshold,
      before,
    });
  }
  return state;
}

function rows(
  rolloutId: string,
  service: string,
  { metrics, seen, own }: JudgeState,
): Omit<AnalysisRow, "updatedAt">[] {
  return METRICS.map((metric) => {
    const { candidate, baseline, sums, threshold, before } = metrics[metric];
    const kept: Kept = { threshold, before, ...(metric === "errors" ? { seen: { ...seen }, own } : {}) };
    return {
      rolloutId,
      service,
      metric,
      candidateRequests: candidate.requests,
      candidateBad: candidate.bad,
      baselineRequests: baseline.requests,
      baselineBad: baseline.bad,
      sums: [...sums],
      state: { ...kept },
    };
  });
}
