import type { Check, CheckResult } from "../contract/check.ts";
import type { Summary } from "./series.ts";
import type { CheckSpec, RunResult } from "./types.ts";
import type { VerdictState } from "./verdict.ts";

/** A run as the API shows it. */
export function toCheckResult({ startedAt, kind, outcome, class: name, detail, durationMs }: RunResult): CheckResult {
  return { at: new Date(startedAt).toISOString(), kind, outcome, class: name, detail, durationMs };
}

interface CheckView {
  spec: CheckSpec;
  state: VerdictState;
  last: CheckResult | null;
  summary: Summary | undefined;
}

/** A check as the API shows it; `redact` guards the target, which may come from an address with a password. */
export function toCheck({ spec, state, last, summary }: CheckView, redact: (text: string) => string): Check {
  const { id, service, type, everyMs, critical } = spec;
  return {
    id,
    service,
    type,
    target: redact(spec.target),
    everyMs,
    critical,
    verdict: state.verdict,
    since: state.since === null ? null : new Date(state.since).toISOString(),
    lastResult: last,
    uptime24h: summary?.uptime24h ?? null,
    p50: summary?.p50 ?? null,
    p95: summary?.p95 ?? null,
    p99: summary?.p99 ?? null,
  };
}
