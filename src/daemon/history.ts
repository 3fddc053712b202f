import type { SeriesWindow } from "../contract/check.ts";
import { unknownCheck } from "../watch/problems.ts";
import { readResults } from "../watch/raw.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import { readObjectives } from "./slo.ts";
import type { UseCases } from "./usecases.ts";

const HOUR_MS = 3_600_000;
const WINDOWS: Record<SeriesWindow, number> = {
  "1h": HOUR_MS,
  "24h": 24 * HOUR_MS,
  "7d": 7 * 24 * HOUR_MS,
  "90d": 90 * 24 * HOUR_MS,
};

/** What was seen before now. */
export function historyUseCases(engine: Engine, watch: Watch): Pick<UseCases, "series" | "results" | "slo"> {
  const { store, clock } = engine;
  return {
    series: (check, window) => watch.series(check, WINDOWS[window]),
    results: async (check, limit) => {
      if (!watch.verdicts().some(({ id }) => id === check)) throw unknownCheck(check);
      return await readResults(store, check, { before: new Date(clock.now() + HOUR_MS), limit });
    },
    slo: () => readObjectives(engine, watch),
  };
}
