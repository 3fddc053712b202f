import { z } from "zod";
import { Severity } from "./incident.ts";

/** What a silence is about: all that is named must fit; `check` without `@host` means the check on every host. */
export const SilenceMatcher = z.strictObject({
  service: z.string().min(1).optional(),
  check: z.string().min(1).optional(),
  environment: z.string().min(1).optional(),
  severity: Severity.optional(),
});
export type SilenceMatcher = z.infer<typeof SilenceMatcher>;

/** Spans that return: each begins when the cron line says so on the clock of the zone, and lasts `durationMs` of real time. */
export const Recurrence = z.strictObject({
  cron: z.string().min(1).max(100),
  durationMs: z.number().int().positive(),
  zone: z.string().min(1).max(64),
});
export type Recurrence = z.infer<typeof Recurrence>;

/** `maintenance`: besides, results count neither for nor against the uptime. */
const SilenceKind = z.enum(["silence", "maintenance"]);

const MOST_REASON = 500;

export const SilenceRequest = z.strictObject({
  kind: SilenceKind.default("silence"),
  matcher: SilenceMatcher,
  reason: z.string().min(1).max(MOST_REASON),
  /** Now when it is left out. */
  from: z.iso.datetime().optional(),
  /** At most 30 days after the beginning. */
  until: z.iso.datetime(),
  recurrence: Recurrence.optional(),
});
export type SilenceRequest = z.input<typeof SilenceRequest>;

/** A silence that stands; those of the manifest have no end and no author. */
export const Silence = z.object({
  id: z.string(),
  kind: SilenceKind,
  environment: z.string(),
  matcher: SilenceMatcher,
  author: z.string().nullable(),
  reason: z.string(),
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  recurrence: Recurrence.nullable(),
  /** Whether it holds at this moment. */
  active: z.boolean(),
  /** When a recurring one holds next; null where it does not any more. Left out for the others. */
  nextAt: z.iso.datetime().nullable().optional(),
  /** When a person ended it before its time. */
  endedAt: z.iso.datetime().optional(),
  /** The checks it is about now. */
  checks: z.array(z.string()),
});
export type Silence = z.infer<typeof Silence>;

export const SilenceAnswer = z.object({ silence: Silence, warnings: z.array(z.string()) });
export type SilenceAnswer = z.infer<typeof SilenceAnswer>;
