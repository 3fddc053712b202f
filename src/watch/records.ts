import type { CheckResult, CheckSeries } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import type { Store } from "../store/connect.ts";
import { BrownOuts } from "./brown-out.ts";
import type { Gate } from "./gate.ts";
import { createKeeper } from "./keeper.ts";
import { RawResults } from "./raw.ts";
import { Series, type Summary } from "./series.ts";
import type { Kept } from "./state.ts";
import type { RunResult } from "./types.ts";
import { loadUsual } from "./usual.ts";

interface RecordsOptions {
  store: Store;
  clock: Clock;
  gate: Gate;
  inMaintenance(checkId: string, at: number): boolean;
  onProblem(what: string, error: unknown): void;
}

/** What is remembered of runs: counts, single results, what is usual. Written in the background; no run waits for it. */
export interface Records {
  count(checkId: string, result: RunResult): void;
  skip(checkId: string, count: number): void;
  blip(checkId: string): void;
  /** `moved`: it changed the verdict. */
  result(checkId: string, result: CheckResult, how: { moved: boolean; keepAll: boolean }): void;
  state(kept: Kept): void;
  /** How slow a scheduled run that passed shows its check to be against what is usual; undefined when it is not. */
  brownOut(checkId: string, result: RunResult, already: boolean): string | undefined;
  /** Of all other checks nothing is kept in memory. */
  retain(ids: { has(id: string): boolean }): void;
  series(checkId: string, windowMs: number): Promise<CheckSeries>;
  summaries(checkIds: readonly string[]): Promise<Map<string, Summary>>;
  start(): void;
  /** Writes all that is left, within `ms`. */
  stop(ms: number): Promise<void>;
}

export function createRecords({ store, clock, gate, inMaintenance, onProblem }: RecordsOptions): Records {
  const series = new Series({ store, clock, gate });
  const raw = new RawResults();
  const brownOuts = new BrownOuts();
  const learn = async () => brownOuts.setUsual(await loadUsual(store, clock.now()));
  const keeper = createKeeper({ store, clock, gate, series, raw, onTidy: learn, onProblem });
  return {
    count: (id, result) => series.add(id, result, { inMaintenance: inMaintenance(id, result.startedAt) }),
    skip: (id, count) => series.skip(id, count),
    blip: (id) => series.blip(id),
    result: (id, result, how) => raw.add(id, result, how),
    state: (kept) => keeper.changed(kept),
    brownOut: (id, { kind, outcome, durationMs }, already) => {
      if (kind !== "scheduled" || (outcome !== "ok" && outcome !== "slow")) return undefined;
      return brownOuts.judge(id, durationMs, { now: clock.monotonic(), already });
    },
    retain: (ids) => {
      raw.retain(ids);
      brownOuts.retain(ids);
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
