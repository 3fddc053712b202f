import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { RunReport } from "../../watch/probes/run.ts";
import type { CheckSpec } from "../../watch/types.ts";

const DURATIONS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Counts runs. Histograms have no label per check: with 10,000 checks that would be half a million series. Per check there are
 * gauges. Labels come from the manifest and from fixed lists.
 */
export function createRunMeters(registry: Registry): (spec: CheckSpec, report: RunReport) => void {
  const registers = [registry];
  const place = ["service", "type", "environment"] as const;
  const duration = new Histogram({
    name: "stationmaster_check_duration_seconds",
    help: "How long runs took that got an answer",
    labelNames: place,
    buckets: DURATIONS_S,
    registers,
  });
  const phase = new Histogram({
    name: "stationmaster_check_phase_seconds",
    help: "How long the parts of such runs took",
    labelNames: ["phase", ...place],
    buckets: DURATIONS_S,
    registers,
  });
  const results = new Counter({
    name: "stationmaster_check_results_total",
    help: "Runs by outcome; class says how one failed, and is empty for one that passed",
    labelNames: ["outcome", "class", ...place],
    registers,
  });
  const expiry = new Gauge({
    name: "stationmaster_cert_expiry_timestamp_seconds",
    help: "When the certificate chain that a check saw last is no longer valid, in seconds since 1970",
    labelNames: ["check", "service", "environment"],
    registers,
  });
  return (spec, report) => {
    const { id: check, type, environment } = spec;
    const service = spec.service ?? "";
    const labels = { service, type, environment };
    const { outcome, class: name, durationMs, phases, facts } = report;
    results.inc({ outcome, class: name ?? "", ...labels });
    if (outcome === "ok" || outcome === "slow") {
      duration.observe(labels, durationMs / 1_000);
      for (const [part, ms] of Object.entries(phases ?? {})) phase.observe({ phase: part, ...labels }, ms / 1_000);
    }
    if (facts?.notAfter !== undefined) expiry.set({ check, service, environment }, facts.notAfter);
  };
}
