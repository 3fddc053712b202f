import type { Verdict } from "../contract/check.ts";
import type { Replica, ServiceState } from "../contract/service.ts";

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

/**
 * The replicas that users have: those of the side with most of the requests, which is the candidate's late in a rollout and
 * after one that got stuck there; without requests (a worker) the stable ones.
 */
export function usersSide<R extends { role: "stable" | "candidate"; replica: Pick<Replica, "state" | "weight"> }>(
  replicas: readonly R[],
): R[] {
  const side = (wanted: R["role"]) =>
    replicas.filter(({ role, replica }) => role === wanted && replica.state !== "draining");
  const share = side("candidate").reduce((sum, { replica }) => sum + replica.weight, 0);
  return side(share > 50 ? "candidate" : "stable");
}
