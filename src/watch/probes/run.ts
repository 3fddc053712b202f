import type { Phases } from "../../contract/check.ts";
import { clip } from "../../core/text.ts";
import type { CheckSpec, RunResult } from "../types.ts";
import { lookupName } from "./names/lookup.ts";
import type { Failure, ProbeAnswer, RunContext } from "./probe.ts";
import { PROBES } from "./registry.ts";

const LONGEST_DETAIL = 300;
const LONGEST_BODY = 500;
/** After the deadline a probe has this long to say how far it came; then the run ends without it. */
const LAST_WORD_MS = 250;

/** A result with what it took: phases in milliseconds and the first 500 characters of the last body, redacted. */
export interface RunReport extends RunResult {
  phases: Phases | null;
  body: string | null;
}

/** Runs a check once. Never throws; ends at `spec.timeoutMs` (plus 250 ms for a probe that ignores its signal). */
export async function runProbe(spec: CheckSpec, context: RunContext): Promise<RunReport> {
  const { clock, redact } = context;
  const startedAt = clock.now();
  const begin = clock.monotonic();
  const answer = await answerInTime(spec, context);
  const failure = context.signal?.aborted && answer.failure ? proberFailure("the run was cancelled") : answer.failure;
  const plannedAt = context.plannedAt ?? startedAt;
  return {
    plannedAt,
    startedAt,
    kind: context.kind ?? "scheduled",
    outcome: failure?.outcome ?? "ok",
    class: failure?.class ?? null,
    family: failure?.family ?? null,
    detail: failure ? clip(redact(failure.detail.replace(/\s+/g, " ").trim()), LONGEST_DETAIL) : null,
    durationMs: clock.monotonic() - begin,
    phases: answer.phases && { queue: Math.max(0, startedAt - plannedAt), ...answer.phases },
    ...(answer.facts === undefined ? {} : { facts: answer.facts }),
    // Redacted before it is cut, so that no half of a secret is left at the edge.
    body: answer.body === null ? null : clip(redact(answer.body.slice(0, 4 * LONGEST_BODY)), LONGEST_BODY),
  };
}

async function answerInTime(spec: CheckSpec, { signal: cancelled, ...context }: RunContext): Promise<ProbeAnswer> {
  const deadline = new AbortController();
  const late = Promise.withResolvers<ProbeAnswer>();
  const timers = [
    setTimeout(() => deadline.abort(), spec.timeoutMs),
    setTimeout(() => late.resolve(unasked("the probe did not end in time")), spec.timeoutMs + LAST_WORD_MS),
  ];
  const cancel = () => deadline.abort();
  cancelled?.addEventListener("abort", cancel, { once: true });
  if (cancelled?.aborted) cancel();
  try {
    if (spec.broken !== undefined) return unasked(spec.broken);
    const probe = PROBES[spec.type];
    const options = probe.Options.parse(spec.options);
    const given = { lookup: lookupName, ...context, id: spec.id, signal: deadline.signal, timeoutMs: spec.timeoutMs };
    const asked = probe.run(options, given);
    return await Promise.race([asked, late.promise]);
  } catch (error) {
    return unasked(`the check itself failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    cancelled?.removeEventListener("abort", cancel);
  }
}

function unasked(why: string): ProbeAnswer {
  return { failure: proberFailure(why), phases: null, body: null };
}

function proberFailure(detail: string): Failure {
  return { outcome: "unknown", class: "prober", family: "none", detail };
}
