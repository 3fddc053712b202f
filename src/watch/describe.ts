import type { Check, CheckResult } from "../contract/check.ts";
import type { RunReport } from "./probes/run.ts";
import type { Summary } from "./series.ts";
import type { CheckSpec } from "./types.ts";
import type { VerdictState } from "./verdict.ts";

/** A run as the API shows it. */
export function toCheckResult(report: Omit<RunReport, "body">): CheckResult {
  const { startedAt, kind, outcome, class: name, detail, durationMs, phases, facts = {} } = report;
  return { at: new Date(startedAt).toISOString(), kind, outcome, class: name, detail, durationMs, phases, facts };
}

interface CheckView {
  spec: CheckSpec;
  state: VerdictState;
  last: CheckResult | null;
  /** By how much the interval is longer than it should be right now; left out: not at all. */
  slowed?: number;
  summary: Summary | undefined;
}

/** A check as the API shows it; `redact` guards the target, which may come from an address with a password. */
export function toCheck(
  { spec, state, last, slowed = 1, summary }: CheckView,
  redact: (text: string) => string,
): Check {
  const { id, service, type, everyMs, critical, dependsOn = [], runbook = null } = spec;
  return {
    id,
    service,
    type,
    target: redact(spec.target),
    everyMs: everyMs * slowed,
    ...(slowed > 1 ? { slowed } : {}),
    critical,
    dependsOn: [...dependsOn],
    runbook,
    verdict: state.verdict,
    since: state.since === null ? null : new Date(state.since).toISOString(),
    lastResult: last,
    uptime24h: summary?.uptime24h ?? null,
    p50: summary?.p50 ?? null,
    p95: summary?.p95 ?? null,
    p99: summary?.p99 ?? null,
  };
}
