import { HEAP_GROWTH } from "../../src/daemon/heap-flags.ts";
import { type Child, startChild } from "./child.ts";
import type { ExporterFigures } from "./exporter.ts";
import type { ProberMessage } from "./prober.ts";

/** As `bin/stationmaster` starts Node. */
const HEAP_FLAGS = ["--max-semi-space-size=8", HEAP_GROWTH];

/** A prober whose heap is that of the daemon. */
export function startProber(): Child<ProberMessage> {
  return startChild<ProberMessage>("prober.ts", HEAP_FLAGS);
}

/** How many runs in a second of CPU time. */
export function perCpuSecond({ runs, cpuMs }: Pick<ExporterFigures, "runs" | "cpuMs">): number {
  return Math.round((1_000 * runs) / cpuMs);
}

/** Runs a second, failed ones, CPU, runs in a second of CPU time, memory. */
export function costs(one: ExporterFigures): (string | number | null)[] {
  return [
    Math.round((1_000 * one.runs) / one.tookMs),
    one.failed,
    `${Math.round((100 * one.cpuMs) / one.tookMs)} %`,
    perCpuSecond(one),
    one.rssMiB === null ? null : Math.round(one.rssMiB),
  ];
}
