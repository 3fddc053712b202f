import { z } from "zod";
import { Severity } from "./incident.ts";
import { StrategyName } from "./rollout.ts";
import { UnitExit } from "./unit-exit.ts";

const REASON = z.string().min(1).max(500);

export const DeployRequest = z.strictObject({
  environment: z.string().optional(),
  /** Services to deploy; the others stay as they are. */
  only: z.array(z.string()).optional(),
  release: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
      "a name has letters, digits, dots, dashes and underscores, at most 63, and begins with a letter or digit",
    )
    .optional(),
  strategy: StrategyName.optional(),
  /** The plan that was agreed to; refused when planning now gives another one. */
  planHash: z.string().optional(),
  /** Stop after the plan. */
  planOnly: z.boolean().default(false),
  /** Items of the pre-flight that are taken on one's own responsibility. */
  override: z.array(z.string()).optional(),
  /** Deploy although the environment is closed; the people on call are told. */
  breakGlass: z.boolean().optional(),
  /** Why; needed with `override` and `breakGlass`. */
  reason: REASON.optional(),
});
export type DeployRequest = z.input<typeof DeployRequest>;

export const RollbackRequest = z.strictObject({
  environment: z.string().optional(),
  /** The kept release to return to; the one before the current when absent. */
  to: z.string().optional(),
  /** As for a deployment. */
  planHash: z.string().optional(),
  planOnly: z.boolean().default(false),
});
export type RollbackRequest = z.input<typeof RollbackRequest>;

/** `release`: a stored one; what the manifest and files say now where it is left out. */
export const VouchRequest = z.strictObject({
  environment: z.string().optional(),
  what: z.enum(["qa", "migrations-tested", "backup"]),
  release: z.string().optional(),
  /** Where the evidence is: a report, a run, a file. */
  evidence: z.string().max(500).optional(),
});
export type VouchRequest = z.infer<typeof VouchRequest>;

export const LockRequest = z.strictObject({ environment: z.string().optional(), reason: REASON });
export type LockRequest = z.infer<typeof LockRequest>;

export const UnlockRequest = z.strictObject({ environment: z.string().optional() });
export type UnlockRequest = z.infer<typeof UnlockRequest>;

/** Without `until` the freeze lasts until it is lifted. */
export const FreezeRequest = z.strictObject({
  environment: z.string().optional(),
  until: z.iso.datetime().optional(),
  reason: REASON,
});
export type FreezeRequest = z.infer<typeof FreezeRequest>;

export const AcknowledgeRequest = z.strictObject({ note: z.string().max(500).optional() });
export type AcknowledgeRequest = z.infer<typeof AcknowledgeRequest>;

/** `follow` answers the last `lines` lines and then every new one; `lines=0` only the new ones. */
export const LogQuery = z.object({
  lines: z.coerce.number().int().min(0).max(5_000).default(100),
  follow: z.stringbool().default(false),
  /** Only processes of this release. */
  release: z.string().optional(),
});
export type LogQuery = z.output<typeof LogQuery>;

/** Which lines of which service. */
export interface LogRequest {
  service: string;
  /** How many of the last lines, 0 to 5000. */
  lines: number;
  release?: string;
}

/** One line of a service's log. `replica` is the replica id, `release` what it runs or ran, `host` where, `ended` whether it has ended. */
export const LogLine = z.object({
  replica: z.string(),
  text: z.string(),
  release: z.string().optional(),
  ended: z.boolean().optional(),
  host: z.string().optional(),
  /** When it ended, and how it did so by itself. */
  endedAt: z.iso.datetime().optional(),
  exit: UnitExit.optional(),
});
export type LogLine = z.infer<typeof LogLine>;

export const CloseReviewRequest = z.strictObject({ note: z.string().min(1).max(2_000) });

export const SeverityRequest = z.strictObject({ severity: Severity, note: z.string().max(500).optional() });

/** `frozen`: no healing until it is taken back. */
export const FrozenRequest = z.strictObject({ frozen: z.boolean() });

/** An incident that a person opens; without `service` it is about the environment. */
export const ReportRequest = z.strictObject({
  service: z.string().min(1).max(100).optional(),
  symptom: z.string().min(1).max(200),
  severity: Severity,
});
export type ReportRequest = z.infer<typeof ReportRequest>;
