import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { emptyHistogram, upperBound } from "../../core/histogram.ts";
import type { SchedulerFigures } from "../../watch/schedule.ts";

const LATENESS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

/** How the schedule keeps up, read with each scrape. */
export function createScheduleMeters(registry: Registry, figures: () => SchedulerFigures): void {
  const registers = [registry];
  let known = emptyHistogram;
  new Histogram({
    name: "stationmaster_scheduler_lateness_seconds",
    help: "How much later than due scheduled runs began",
    buckets: LATENESS_S,
    registers,
    collect() {
      const { lateness } = figures();
      for (const [bucket, count] of Object.entries(lateness))
        for (let more = count - (known[Number(bucket)] ?? 0); more > 0; more -= 1)
          this.observe(upperBound(Number(bucket)) / 1_000);
      known = lateness;
    },
  });
  new Gauge({
    name: "stationmaster_runs_inflight",
    help: "Runs under way; the slow lane is for checks whose last run timed out",
    labelNames: ["lane"],
    registers,
    collect() {
      for (const [lane, count] of Object.entries(figures().inflight)) this.set({ lane }, count);
    },
  });
  new Counter({
    name: "stationmaster_runs_skipped_total",
    help: "Runs left out because the one before was not over",
    registers,
    collect() {
      this.reset();
      this.inc(figures().skipped);
    },
  });
}
