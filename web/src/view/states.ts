import type { CheckResult, Verdict } from "../../../src/contract/check.ts";
import type { IncidentAction, IncidentState, IncidentSummary, Severity } from "../../../src/contract/incident.ts";
import type { NotificationState } from "../../../src/contract/notification.ts";
import type { RolloutState } from "../../../src/contract/rollout.ts";
import type { ReplicaState, ServiceState } from "../../../src/contract/service.ts";
import type { DoctorReport } from "../../../src/contract/status.ts";

/** Decides colour and shape together, so that no meaning hangs on colour alone. */
export type Tone = "ok" | "busy" | "warn" | "bad" | "idle";

export const SERVICE_TONE: Record<ServiceState, Tone> = {
  healthy: "ok",
  deploying: "busy",
  degraded: "warn",
  down: "bad",
  unknown: "idle",
};

export const REPLICA_TONE: Record<ReplicaState, Tone> = {
  running: "ok",
  starting: "busy",
  draining: "warn",
  exited: "bad",
  unknown: "idle",
};

export const VERDICT_TONE: Record<Verdict, Tone> = {
  UP: "ok",
  SUSPECT: "warn",
  DOWN: "bad",
  DEGRADED: "warn",
  INTERMITTENT: "warn",
  UNKNOWN: "idle",
};

export const OUTCOME_TONE: Record<CheckResult["outcome"], Tone> = {
  ok: "ok",
  slow: "warn",
  fail: "bad",
  unknown: "idle",
};

export const INCIDENT_TONE: Record<IncidentState, Tone> = {
  suspect: "warn",
  open: "bad",
  healing: "busy",
  monitoring: "warn",
  resolved: "ok",
  review: "idle",
  closed: "ok",
};

export const SEVERITY_TONE: Record<Severity, Tone> = { SEV1: "bad", SEV2: "warn", SEV3: "idle" };

/** What fails is as bad as its severity; what passes again and is only watched is no alarm any more. */
export function urgency({ state, severity }: Pick<IncidentSummary, "state" | "severity">): Tone {
  return state === "monitoring" ? "warn" : SEVERITY_TONE[severity];
}

export const ACTION_TONE: Record<IncidentAction["outcome"], Tone> = {
  proposed: "idle",
  running: "busy",
  succeeded: "ok",
  failed: "bad",
  refused: "warn",
  skipped: "idle",
  declined: "idle",
};

export const TOLD_TONE: Record<NotificationState, Tone> = {
  pending: "busy",
  delivered: "ok",
  dead: "bad",
  skipped: "idle",
};

export const FINDING_TONE: Record<DoctorReport["checks"][number]["state"], Tone> = {
  ok: "ok",
  warning: "warn",
  failed: "bad",
};

const ROLLOUT_ENDS: Partial<Record<RolloutState, Tone>> = {
  SUCCEEDED: "ok",
  FAILED: "bad",
  STUCK: "bad",
  ROLLED_BACK: "warn",
  ROLLING_BACK: "warn",
  CLEANING: "warn",
  SUPERSEDED: "idle",
};

export function rolloutTone(state: RolloutState): Tone {
  return ROLLOUT_ENDS[state] ?? "busy";
}

/** A state constant as words: `ROLLED_BACK` → `rolled back`. */
export function words(state: string): string {
  return state.toLowerCase().replaceAll("_", " ");
}

const FINAL: ReadonlySet<RolloutState> = new Set(["SUCCEEDED", "FAILED", "ROLLED_BACK", "SUPERSEDED", "STUCK"]);

/** Whether the rollout still does something. */
export function isActive(rollout: { state: RolloutState }): boolean {
  return !FINAL.has(rollout.state);
}
