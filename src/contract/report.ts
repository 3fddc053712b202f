import { z } from "zod";
import { Verdict } from "./check.ts";
import { HealingFigures } from "./healing.ts";
import { Evidence, IncidentStorm } from "./incident.ts";
import { Severity } from "./severity.ts";

/** The day `2026-03-01`. */
export const Day = z.iso.date();
/** The ISO week `2026-W09`, which ends on a Sunday. */
export const Week = z.string().regex(/^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/, "a week such as 2026-W09");

/** Something a person has to do after an incident. */
export const ActionItem = z.object({
  id: z.string(),
  incident: z.string(),
  text: z.string(),
  owner: z.string(),
  due: Day,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  doneBy: z.string().nullable(),
  doneAt: z.iso.datetime().nullable(),
  /** The issue that shows it; closing that says that it is done. */
  issue: z.object({ number: z.int(), url: z.string() }).optional(),
});
export type ActionItem = z.infer<typeof ActionItem>;

export const ActionItemRequest = z.strictObject({
  text: z.string().min(1).max(500),
  owner: z.string().min(1).max(100),
  due: Day,
});
export type ActionItemRequest = z.infer<typeof ActionItemRequest>;

/** What a fire drill found. `detectMs`: until the check was DOWN; `pageMs`: from then until a channel took the page. */
export const Drill = z.object({
  id: z.string(),
  check: z.string(),
  type: z.string(),
  actor: z.string(),
  at: z.iso.datetime(),
  outcome: z.enum(["paged", "not-paged", "not-detected"]),
  detectMs: z.number().nullable(),
  pageMs: z.number().nullable(),
  channel: z.string().nullable(),
});
export type Drill = z.infer<typeof Drill>;

/** Null in any report: not known, or not measured. */
export const IncidentReport = z.object({
  kind: z.literal("incident"),
  id: z.string(),
  detection: z.object({ at: z.iso.datetime(), method: z.string(), severity: Severity }),
  impact: z.object({
    services: z.array(z.string()),
    users: z.string().nullable(),
    durationMs: z.number(),
    over: z.boolean(),
  }),
  resolution: z.object({
    actions: z.array(z.string()),
    rootCause: z.string().nullable(),
    prevention: z.array(z.string()),
  }),
});
export type IncidentReport = z.infer<typeof IncidentReport>;

export const PostMortem = z.object({
  kind: z.literal("postmortem"),
  id: z.string(),
  /** Whether one has to be written. */
  due: z.boolean(),
  service: z.string(),
  symptom: z.string(),
  severity: Severity,
  previous: z.string().nullable(),
  impactMinutes: z.number(),
  over: z.boolean(),
  timeline: z.array(z.object({ at: z.iso.datetime(), kind: z.string(), text: z.string() })),
  /** `<incident>#<event>`. */
  evidence: z.array(z.string()),
  /** What was found each time it failed, the first time first; `evidence` is its name above. */
  found: z.array(Evidence.extend({ evidence: z.string() })),
  /** Incidents that were part of it, or that it explains. */
  stoodFor: IncidentStorm.shape.members,
  link: z.string().nullable(),
  tried: z.array(
    z.object({ at: z.iso.datetime(), remedy: z.string(), outcome: z.string(), detail: z.string().nullable() }),
  ),
  called: z.array(
    z.object({
      at: z.iso.datetime(),
      channel: z.string(),
      what: z.string(),
      deliveredAt: z.iso.datetime().nullable(),
      state: z.string(),
    }),
  ),
  /** Changes before the onset, the newest first. */
  changes: z.array(z.object({ at: z.iso.datetime(), text: z.string() })),
  /** What the person wrote who closed it. */
  closing: z.string().nullable(),
  actionItems: z.array(ActionItem),
});
export type PostMortem = z.infer<typeof PostMortem>;

export const DailyReport = z.object({
  kind: z.literal("daily"),
  project: z.string(),
  environment: z.string(),
  date: Day,
  zone: z.string(),
  at: z.iso.datetime(),
  deployments: z.object({
    today: z.number().int(),
    failedToday: z.number().int(),
    versions: z.array(z.object({ service: z.string(), release: z.string().nullable() })),
    /** Share of the runs of the last 24 h that passed, 0 to 1; of all checks, and milliseconds of those that ask over HTTP. */
    uptime: z.number().nullable(),
    p95Ms: z.number().nullable(),
  }),
  resources: z.object({
    cpuPercent: z.number().nullable(),
    memoryBytes: z.number().nullable(),
    /** Per store, as its check saw it last. */
    databases: z.array(z.object({ name: z.string(), connections: z.number(), most: z.number() })),
    redis: z.array(z.object({ name: z.string(), memoryBytes: z.number() })),
  }),
  alerts: z.array(
    z.object({ id: z.string(), severity: Severity, service: z.string(), symptom: z.string(), state: z.string() }),
  ),
  maintenance: z.array(z.object({ what: z.string(), when: z.string() })),
});
export type DailyReport = z.infer<typeof DailyReport>;

/** A report that is kept, and the issue that shows it. */
export const StoredReport = z.object({
  kind: z.enum(["daily", "audit"]),
  /** The day `2026-03-01` or the week `2026-W09`. */
  period: z.string(),
  madeAt: z.iso.datetime(),
  issue: z.object({ number: z.int(), url: z.string() }).optional(),
});
export type StoredReport = z.infer<typeof StoredReport>;

const Mean = z.object({ ms: z.number().nullable(), n: z.number().int() });
export type Mean = z.infer<typeof Mean>;

export const AuditReport = z.object({
  kind: z.literal("audit"),
  project: z.string(),
  environment: z.string(),
  week: Week,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  at: z.iso.datetime(),
  /** `acted`: healing did something, or a person took them. */
  incidents: z.object({ all: z.number().int(), acted: z.number().int(), precision: z.number().nullable() }),
  noisiest: z.array(
    z.object({
      key: z.string(),
      service: z.string(),
      symptom: z.string(),
      incidents: z.number().int(),
      messages: z.number().int(),
    }),
  ),
  detect: Mean,
  acknowledge: Mean,
  restore: Mean,
  healing: HealingFigures.shape.total,
  /** Checks that did not fail in 90 days and were shown by no drill to be able to. */
  neverFailed: z.array(z.object({ check: z.string(), since: z.iso.datetime() })),
  /** Checks there are, and those that do not pass at this moment. Left out where nothing is watched. */
  health: z
    .object({ checks: z.number().int(), notUp: z.array(z.object({ check: z.string(), verdict: Verdict })) })
    .optional(),
  /** Services without any check; routes without one that asks them. */
  unwatched: z.object({ services: z.array(z.string()), routes: z.array(z.string()) }),
  unknown: z.object({
    share: z.number().nullable(),
    worst: z.array(z.object({ check: z.string(), share: z.number() })),
  }),
  /** Those that hold for longer than 7 days. */
  silences: z.array(
    z.object({ id: z.string(), author: z.string().nullable(), reason: z.string(), from: z.iso.datetime() }),
  ),
  actionItems: z.array(ActionItem),
  /** Last sign-in of each canary that worked. */
  canaries: z.array(z.object({ check: z.string(), passedAt: z.iso.datetime().nullable() })),
  certificates: z.array(z.object({ check: z.string(), expiresAt: z.iso.datetime() })),
  /** Public domains of checks and routes, the first to end first; `endsAt` null: its registry does not say. Left out in audits from before it was asked. */
  domains: z
    .array(z.object({ domain: z.string(), names: z.array(z.string()), endsAt: z.iso.datetime().nullable() }))
    .optional(),
  /** The last drill of each kind of check there is. */
  drills: z.array(z.object({ type: z.string(), last: Drill.nullable() })),
  /** The last test of each channel, and what else was delivered by it. */
  channels: z.array(
    z.object({
      channel: z.string(),
      testedAt: z.iso.datetime().nullable(),
      accepted: z.boolean().nullable(),
      deliveredAt: z.iso.datetime().nullable(),
      error: z.string().nullable(),
    }),
  ),
  logs: z.array(z.object({ service: z.string(), lines: z.number().int(), json: z.number().int() })),
  /** Whether they open; `problem` null: they do. Left out where no daemon runs. */
  dashboards: z.array(z.object({ name: z.string(), url: z.string(), problem: z.string().nullable() })).optional(),
  storeBytes: z.number().nullable(),
  latenessP99Ms: z.number().nullable(),
  /** What could not be measured, and why. */
  unmeasured: z.array(z.object({ what: z.string(), why: z.string() })),
  /** Figures that differ from those of the week before; null where there is no audit of it. */
  changes: z
    .array(z.object({ what: z.string(), before: z.number().nullable(), now: z.number().nullable() }))
    .nullable(),
});
export type AuditReport = z.infer<typeof AuditReport>;

export const HealingReport = z.object({ kind: z.literal("healing"), days: z.number().int(), figures: HealingFigures });
export type HealingReport = z.infer<typeof HealingReport>;

const ReportData = z.discriminatedUnion("kind", [IncidentReport, PostMortem, DailyReport, AuditReport, HealingReport]);
export type ReportData = z.infer<typeof ReportData>;

/** A report as data, and as the Markdown that people read. */
export const Report = z.object({ markdown: z.string(), data: ReportData });
export type Report = z.infer<typeof Report>;

/** Which report: `id` of the incident, `week` of a stored audit and `day` of a stored daily one (left out: one of this moment), `days` of healing. */
export const ReportQuery = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("daily"), day: Day.optional() }),
  z.strictObject({ kind: z.enum(["incident", "postmortem"]), id: z.string() }),
  z.strictObject({ kind: z.literal("audit"), week: Week.optional() }),
  z.strictObject({ kind: z.literal("healing"), days: z.number().int().min(1).max(400) }),
]);
export type ReportQuery = z.infer<typeof ReportQuery>;
