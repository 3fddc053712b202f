import type { Verdict } from "../contract/check.ts";
import type { ServiceState } from "../contract/service.ts";

export interface ServiceFacts {
  deploying: boolean;
  alive: number;
  expected: number;
  /** Verdicts of the checks that ask the service something; empty when nobody watches. */
  verdicts: readonly Verdict[];
  /** Whether a release ever served here. */
  deployed: boolean;
}

/** The one word for a service, and why: the first rule that matches. */
export function serviceState({ deploying, alive, expected, verdicts, deployed }: ServiceFacts): {
  state: ServiceState;
  detail: string | null;
} {
  if (deploying) return { state: "deploying", detail: "a rollout changes it" };
  if (!deployed) return { state: "unknown", detail: "not deployed yet" };
  if (alive === 0) return { state: "down", detail: "no replica is running" };
  if (verdicts.includes("DOWN")) return { state: "down", detail: "a check says it is down" };
  if (alive < expected) return { state: "degraded", detail: `${alive} of ${expected} replicas are running` };
  const worse = verdicts.find(
    (verdict) => verdict === "SUSPECT" || verdict === "DEGRADED" || verdict === "INTERMITTENT",
  );
  if (worse) return { state: "degraded", detail: `a check is ${worse.toLowerCase()}` };
  if (verdicts.length > 0 && verdicts.every((verdict) => verdict === "UNKNOWN"))
    return { state: "unknown", detail: "no check result yet" };
  return { state: "healthy", detail: null };
}
