import type { CheckResult, CheckSeries, Verdict } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import type { Store } from "../store/connect.ts";
import { BrownOuts } from "./brown-out.ts";
import { HOUR_MS } from "./buckets.ts";
import { higherFrom } from "./change-point.ts";
import type { Gate } from "./gate.ts";
import { createKeeper } from "./keeper.ts";
import { RawResults } from "./raw.ts";
import { Series, type Summary } from "./series.ts";
import type { Kept } from "./state.ts";
import type { RunResult } from "./types.ts";
import { loadUsual } from "./usual.ts";
import type { Slowness } from "./verdict.ts";

/** How far back it is looked for when a check became slow. */
const SLOW_WINDOW_MS = 2 * HOUR_MS;
/** When all become slow together, what has to be written does not wait behind looks for each of them. */
const MOST_LOOKS = 4;

interface RecordsOptions {
  store: Store;
  clock: Clock;
  gate: Gate;
  inMaintenance(checkId: string, at: number): boolean;
  /** Whether a change of a check's verdict is still to be recorded. */
  isBeingTold(checkId: string): boolean;
  onProblem(what: string, error: unknown): void;
}

/** What is remembered of runs: counts, single results, what is usual. Written in the background; no run waits for it. */
export interface Records {
  /** Counts a scheduled run. Others count nowhere: confirmations come in clusters just when something fails. */
  count(checkId: string, result: RunResult): void;
  skip(checkId: string, count: number): void;
  blip(checkId: string): void;
  /** `moved`: it changed the verdict. */
  result(checkId: string, result: CheckResult, how: { moved: boolean; keepAll: boolean }): void;
  state(kept: Kept): void;
  /** How slow a scheduled run that passed shows its check to be against what is usual; since when about, where that begins to hold. */
  slowness(checkId: string, result: RunResult, verdict: Verdict): Promise<Slowness>;
  /** Writes now what is known of checks that are run here (`from`) and by others from now on (all but `kept`). */
  handOn(from: { keys(): Iterable<string> }, kept: readonly { id: string }[]): Promise<void>;
  /** Of all other checks nothing is kept in memory. */
  retain(ids: { has(id: string): boolean }): void;
  series(checkId: string, windowMs: number): Promise<CheckSeries>;
  summaries(checkIds: readonly string[]): Promise<Map<string, Summary>>;
  start(): void;
  /** Writes all that is left, within `ms`. */
  stop(ms: number): Promise<void>;
}

export function createRecords(options: RecordsOptions): Records {
  const { store, clock, gate, inMaintenance, isBeingTold, onProblem } = options;
  const series = new Series({ store, clock, gate });
  const raw = new RawResults();
  const brownOuts = new BrownOuts();
  const learn = async () => brownOuts.setUsual(await loadUsual(store, clock.now()));
  const keeper = createKeeper({ store, clock, gate, series, raw, isBeingTold, onTidy: learn, onProblem });

  let looks = 0;
  async function slowSince(id: string): Promise<number | null> {
    if (looks >= MOST_LOOKS) return null;
    looks++;
    const means = await series.means(id, SLOW_WINDOW_MS).finally(() => looks--);
    const from = higherFrom(means.map(({ ms }) => Math.log(Math.max(ms, 1))));
    return from === null ? null : (means[from]?.at ?? null);
  }

  return {
    count: (id, result) => {
      if (result.kind !== "scheduled") return;
      series.add(id, result, { inMaintenance: inMaintenance(id, result.startedAt) });
    },
    skip: (id, count) => series.skip(id, count),
    blip: (id) => series.blip(id),
    result: (id, result, how) => raw.add(id, result, how),
    state: (kept) => keeper.changed(kept),
    slowness: async (id, { kind, outcome, durationMs }, verdict) => {
      if (kind !== "scheduled" || (outcome !== "ok" && outcome !== "slow")) return {};
      const brownOut = brownOuts.judge(id, durationMs, { now: clock.monotonic(), already: verdict === "DEGRADED" });
      return brownOut === undefined || verdict !== "UP" ? { brownOut } : { brownOut, slowSince: await slowSince(id) };
    },
    handOn: async (from, kept) => {
      const ids = new Set(kept.map(({ id }) => id));
      await keeper.handOn([...from.keys()].filter((id) => !ids.has(id)));
    },
    retain: (ids) => {
      raw.retain(ids);
      brownOuts.retain(ids);
      keeper.retain(ids);
    },
    series: (id, windowMs) => series.series(id, windowMs),
    summaries: (ids) => series.summaries(ids),
    start: () => {
      keeper.start();
      void learn().catch((error: unknown) => onProblem("usual durations could not be read", error));
    },
    stop: (ms) => keeper.stop(ms),
  };
}
