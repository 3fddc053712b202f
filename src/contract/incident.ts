import { z } from "zod";

export const Severity = z.enum(["SEV1", "SEV2", "SEV3"]);
export type Severity = z.infer<typeof Severity>;

export const IncidentState = z.enum(["suspect", "open", "healing", "monitoring", "resolved"]);
export type IncidentState = z.infer<typeof IncidentState>;

export const RemedyKind = z.enum(["clear-sessions", "restart", "redeploy", "escalate"]);
export type RemedyKind = z.infer<typeof RemedyKind>;

/** One healing action. `outcome`: running until it is known; `refused` names a veto or a spent budget. */
export const IncidentAction = z.object({
  remedy: RemedyKind,
  at: z.iso.datetime(),
  outcome: z.enum(["proposed", "running", "succeeded", "failed", "refused", "skipped"]),
  detail: z.string().nullable(),
});
export type IncidentAction = z.infer<typeof IncidentAction>;

/** One line of `status`. */
export const IncidentSummary = z.object({
  id: z.string(),
  /** Semantic key (hash of environment, service, component, failure family): one open incident per key. */
  key: z.string(),
  severity: Severity,
  state: IncidentState,
  environment: z.string(),
  service: z.string(),
  symptom: z.string(),
  openedAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
  acknowledged: z.boolean(),
  escalated: z.boolean(),
  actions: z.array(IncidentAction),
});
export type IncidentSummary = z.infer<typeof IncidentSummary>;

export const IncidentEvent = z.object({
  seq: z.number().int(),
  at: z.iso.datetime(),
  /** suspect, opened, evidence, severity, action, acted, recovering, resolved, reopened, acknowledged, escalated, note, … */
  kind: z.string(),
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type IncidentEvent = z.infer<typeof IncidentEvent>;

export const Evidence = z.object({
  /** The last 30 log lines of the service, oldest first, redacted. */
  logs: z.array(z.string()),
  metrics: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  /** Recent releases and actions, newest first. */
  changes: z.array(z.object({ at: z.iso.datetime(), text: z.string() })),
  /** What could not be collected. */
  missing: z.array(z.string()),
});
export type Evidence = z.infer<typeof Evidence>;

export const Incident = IncidentSummary.extend({
  detectedAt: z.iso.datetime(),
  failedChecks: z.array(z.string()),
  occurrence: z.number().int(),
  restartsLeft: z.number().int(),
  evidence: Evidence.nullable(),
  timeline: z.array(IncidentEvent),
});
export type Incident = z.infer<typeof Incident>;
