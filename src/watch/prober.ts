import type { Verdict } from "../contract/check.ts";
import type { Statement } from "./synthetic.ts";

/** Since when nobody could look at anything (monotonic ms), and what was told of it last; null: an earlier process may know. */
export interface ProberState {
  blindSince: number | null;
  told: "blind" | "sees" | null;
}

export const newProber: ProberState = { blindSince: null, told: null };

const BLIND_FOR_MS = 10 * 60_000;

/**
 * Whether the prober itself is out of order: all checks UNKNOWN for ten minutes. `say` is what has to be told now; null for nothing.
 * Pure; `now` in monotonic milliseconds.
 */
export function lookAtProber(
  { blindSince, told }: ProberState,
  verdicts: readonly Verdict[],
  now: number,
): { state: ProberState; say: "blind" | "sees" | null } {
  const blind = verdicts.length > 0 && verdicts.every((verdict) => verdict === "UNKNOWN");
  const since = blind ? (blindSince ?? now) : null;
  const is = isNow(since, verdicts, now) ?? told;
  return { state: { blindSince: since, told: is }, say: is === told ? null : is };
}

/** Undefined while it cannot be said. */
function isNow(blindSince: number | null, verdicts: readonly Verdict[], now: number): "blind" | "sees" | undefined {
  if (blindSince === null) return verdicts.length > 0 ? "sees" : undefined;
  return now - blindSince >= BLIND_FOR_MS ? "blind" : undefined;
}

/** The incident of the prober itself: nobody watches, which somebody has to know at night too. */
export function proberStatement(environment: string, say: "blind" | "sees", everyMs: number): Statement {
  const about = {
    ...{ id: `${environment}/watch/prober`, service: null, component: "prober", critical: true, everyMs },
    family: "availability" as const,
  };
  if (say === "sees") return { ...about, verdict: "UP", class: null, detail: null };
  return {
    ...about,
    verdict: "DOWN",
    class: "prober",
    detail: "all checks have been UNKNOWN for 10 min: nobody watches",
  };
}
