import { z } from "zod";
import { Freeze, Lock, QueuedDeploy } from "./hold.ts";
import { IncidentSummary } from "./incident.ts";
import { RolloutSummary } from "./rollout.ts";
import { InfrastructurePart, Service } from "./service.ts";
import { Silence } from "./silence.ts";

/** A host that was taken out of the manifest and where something may be left; `writtenOff`: it is not asked for any more. */
export const HostBehind = z.object({
  host: z.string(),
  units: z.array(z.string()),
  since: z.iso.datetime(),
  writtenOff: z.boolean(),
});
export type HostBehind = z.infer<typeof HostBehind>;

/** Open incidents and those resolved in the last 24 h; the last 20 rollouts, newest first. */
export const Status = z.object({
  project: z.string(),
  environment: z.string(),
  services: z.array(Service),
  /** Left out where there is none. */
  infrastructure: z.array(InfrastructurePart).optional(),
  incidents: z.array(IncidentSummary),
  rollouts: z.array(RolloutSummary),
  /** A person's lock, the freezes ordered by people, and the deployment that waits; left out where there is none. */
  lock: Lock.optional(),
  freezes: z.array(Freeze).optional(),
  queued: QueuedDeploy.optional(),
  /** Times in which nothing opens or pages, running or to come; left out where there is none. */
  silences: z.array(Silence).optional(),
  /** Hosts taken out of the manifest where something may be left; left out where there are none. */
  hostsBehind: z.array(HostBehind).optional(),
  /** Whether a daemon watches and heals, or the answer is a one-off look. */
  daemon: z.object({
    running: z.boolean(),
    pid: z.number().int().nullable(),
    url: z.string().nullable(),
    startedAt: z.iso.datetime().nullable(),
  }),
});
export type Status = z.infer<typeof Status>;

/** What the server pushes on `/api/events`: which part changed; clients ask for the part again. */
export const LiveEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("status") }),
  z.object({ type: z.literal("rollout"), id: z.string() }),
  z.object({ type: z.literal("incident"), id: z.string() }),
  z.object({ type: z.literal("checks") }),
]);
export type LiveEvent = z.infer<typeof LiveEvent>;

/** Every error answer of the API. */
export const ApiError = z.object({
  error: z.object({ code: z.string(), message: z.string(), next: z.string().nullable(), exitCode: z.number().int() }),
});
export type ApiError = z.infer<typeof ApiError>;

export const AuditEntry = z.object({
  seq: z.number().int(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** `head` is the hash of the last entry: keep a copy elsewhere to notice a cut-off end. */
export const AuditVerdict = z.object({
  intact: z.boolean(),
  entries: z.number().int(),
  head: z.string().nullable(),
  brokenAt: z.number().int().nullable(),
  why: z.string().nullable(),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;

export const DoctorReport = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(["ok", "warning", "failed"]),
      detail: z.string(),
      /** What a missing piece switches off or how to get it; null when all is well. */
      next: z.string().nullable(),
    }),
  ),
});
export type DoctorReport = z.infer<typeof DoctorReport>;
