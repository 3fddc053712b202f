import { z } from "zod";
import { Notification } from "./notification.ts";
import { Severity } from "./severity.ts";

export { Severity };

/** `resolved` may open again for 30 minutes; then it is `closed`, or in `review` until a person closes it where a post-mortem is due. */
export const IncidentState = z.enum(["suspect", "open", "healing", "monitoring", "resolved", "review", "closed"]);
export type IncidentState = z.infer<typeof IncidentState>;

const OVER: readonly IncidentState[] = ["resolved", "review", "closed"];

/** Whether the trouble itself is over. */
export function isOver(state: IncidentState): boolean {
  return OVER.includes(state);
}

/** What is true of it beside its state. */
export const IncidentFlag = z.enum(["acknowledged", "escalated", "frozen", "flapping", "suppressed", "recurring"]);
export type IncidentFlag = z.infer<typeof IncidentFlag>;

export const RemedyKind = z.enum(["clear-sessions", "reconnect-pool", "drop-cache", "restart", "redeploy", "escalate"]);
export type RemedyKind = z.infer<typeof RemedyKind>;

/** One healing action. `outcome`: running until it is known; `refused` names a veto or a spent budget, `declined` a person's no. */
export const IncidentAction = z.object({
  remedy: RemedyKind,
  at: z.iso.datetime(),
  outcome: z.enum(["proposed", "running", "succeeded", "failed", "refused", "skipped", "declined"]),
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
  /** Left out where there is none. */
  flags: z.array(IncidentFlag).optional(),
  /** Who has it, and until when. */
  acknowledgement: z.object({ actor: z.string(), note: z.string().nullable(), until: z.iso.datetime() }).optional(),
  /** What keeps it quiet: what fails above it, silences, or the incident it is part of. */
  suppressedBy: z.array(z.string()).optional(),
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
  /** The service's processes: replica, release, state. */
  processes: z.array(z.string()).optional(),
  /** Digest of the settings it runs with, to compare with another time. */
  environmentHash: z.string().optional(),
  /** What could not be collected. */
  missing: z.array(z.string()),
});
export type Evidence = z.infer<typeof Evidence>;

export const IncidentTimes = z.object({
  /** When the first run of this occurrence failed. */
  onset: z.iso.datetime(),
  /** When the change behind it most likely came about, by all runs before it; left out where that is no other time. */
  sinceAbout: z.iso.datetime().optional(),
  /** When it opened. */
  detected: z.iso.datetime(),
  /** When a person first took it. */
  acknowledged: z.iso.datetime().nullable(),
  /** When all its checks passed again. */
  mitigated: z.iso.datetime().nullable(),
  resolved: z.iso.datetime().nullable(),
  closed: z.iso.datetime().nullable(),
  /** How long its checks failed in this occurrence: what is over, and since when they fail now (null: they pass). */
  downtime: z.object({ endedMs: z.number(), since: z.iso.datetime().nullable() }).optional(),
});
export type IncidentTimes = z.infer<typeof IncidentTimes>;

/** Incidents that it stands for; `state` is what has become of each. */
export const IncidentStorm = z.object({
  cause: z.string(),
  members: z.array(z.object({ id: z.string(), service: z.string(), symptom: z.string(), state: IncidentState })),
});

export type IncidentStorm = z.infer<typeof IncidentStorm>;

export const Incident = IncidentSummary.extend({
  detectedAt: z.iso.datetime(),
  times: IncidentTimes.optional(),
  /** The last change less than an hour before it began. */
  cause: z.string().optional(),
  storm: IncidentStorm.optional(),
  /** The incident of the same key before it, within 7 days. */
  previous: z.string().optional(),
  /** Who opened it by hand. */
  reportedBy: z.string().optional(),
  /** The issue that shows it. */
  issue: z.object({ number: z.int(), url: z.string() }).optional(),
  failedChecks: z.array(z.string()),
  /** Addresses of the pages that say what to do about its failed checks; left out without any. */
  runbooks: z.array(z.string()).optional(),
  occurrence: z.number().int(),
  /** Null where no restart is tried: it names no service, or is about an error budget. */
  restartsLeft: z.number().int().nullable(),
  evidence: Evidence.nullable(),
  timeline: z.array(IncidentEvent),
  /** Who was called, and whether it got there; oldest first. */
  notifications: z.array(Notification),
});
export type Incident = z.infer<typeof Incident>;
