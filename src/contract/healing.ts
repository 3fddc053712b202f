import { z } from "zod";
import { RemedyKind } from "./incident.ts";

const Remedy = RemedyKind.exclude(["escalate"]);

/** What healing would do next for an incident, and what stands in its way; nothing is done by asking. */
export const HealingPlan = z.object({
  incident: z.string(),
  service: z.string().nullable(),
  /** `propose`: a person has to allow the plan first. */
  mode: z.enum(["act", "propose"]),
  phase: z.enum(["idle", "evidence", "choosing", "waiting", "proposed", "acting", "verifying", "proving", "done"]),
  /** Why nothing more is done by itself; null while healing goes on. `next` is then what a person may order. */
  stopped: z.string().nullable(),
  /** All its checks pass: nothing has to be done, and there is no `next`. */
  well: z.boolean(),
  /** The action that is carried out or verified right now. */
  underWay: z.string().nullable(),
  /** The next action; null where none is left. `evidence` is the event it rests on: `inc-m1#2`. */
  next: z
    .object({
      remedy: Remedy,
      step: z.number().int(),
      /** Its place in the ladder of the incident, from 0. */
      rung: z.number().int(),
      name: z.string(),
      evidence: z.string().nullable(),
      /** How long the checks have to pass after it, ms. */
      graceMs: z.number(),
    })
    .nullable(),
  /** The rungs after it. */
  after: z.array(Remedy),
  /** Rungs that were passed over. */
  refused: z.array(z.object({ remedy: Remedy, reason: z.string() })),
  /** Why `next` is not carried out now. */
  veto: z.object({ rule: z.string(), reason: z.string() }).nullable(),
  /** Not before this time, where it only has to be waited for. */
  notBefore: z.iso.datetime().nullable(),
  /** Until when the proposed plan can be approved. */
  validUntil: z.iso.datetime().nullable(),
  left: z.object({
    /** Restarts of this service and incident. */
    restarts: z.number().int(),
    /** Actions of the project, all environments together. */
    actionsThisHour: z.number().int(),
    actionsToday: z.number().int(),
  }),
});
export type HealingPlan = z.infer<typeof HealingPlan>;

/** What a person can order where healing knows no remedy. */
export function byName(service: string): string {
  return `stationmaster restart ${service}, or stationmaster rollback`;
}

const counts = {
  /** Actions that were carried out. */
  actions: z.number().int(),
  /** After which the checks passed. */
  verified: z.number().int(),
  /** After which they passed for 30 min. */
  held: z.number().int(),
  failed: z.number().int(),
  /** Proposals that a person refused. */
  declined: z.number().int(),
  /** After which a person restarted, rolled back or deployed the service within 60 min. */
  undone: z.number().int(),
  /** `held` of the actions whose 30 min are over, 0 to 1; null before there is one. */
  success: z.number().nullable(),
  /** `declined` and `undone` of all actions and refused proposals, 0 to 1; null before there is one. */
  regret: z.number().nullable(),
};

export const HealingFigures = z.object({
  since: z.iso.datetime(),
  total: z.object(counts),
  /** By rung: 1 sessions, 2 first restart, 3 second restart, 4 redeploy. */
  steps: z.array(z.object({ step: z.number().int(), remedy: Remedy, ...counts })),
  /** By what had failed. */
  classes: z.array(z.object({ class: z.string(), ...counts })),
});
export type HealingFigures = z.infer<typeof HealingFigures>;

export const DeclineRequest = z.strictObject({ reason: z.string().min(1).max(500) });
