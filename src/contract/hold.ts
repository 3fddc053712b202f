import { z } from "zod";
import { UnderWay } from "./rollout.ts";

/** Somebody vouches for a fact about a release in an environment; times are ISO 8601 in UTC. */
export const Approval = z.object({
  id: z.string(),
  environment: z.string(),
  release: z.string(),
  what: z.string(),
  who: z.string(),
  evidence: z.string().nullable(),
  at: z.iso.datetime(),
});
export type Approval = z.infer<typeof Approval>;

/** A person keeps everybody else from an environment; it has no end. */
export const Lock = z.object({
  environment: z.string(),
  holder: z.string(),
  reason: z.string(),
  since: z.iso.datetime(),
});
export type Lock = z.infer<typeof Lock>;

/** A time without deployments that a person ordered; `until` null: until somebody lifts it. */
export const Freeze = z.object({
  id: z.string(),
  environment: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  reason: z.string(),
  who: z.string(),
});
export type Freeze = z.infer<typeof Freeze>;

/**
 * A deployment that begins when its environment is free and open; `opensAt` null: nobody knows when it opens. `id` is that of the
 * rollout it becomes, `waitsFor` the one it waits for.
 */
export const QueuedDeploy = z.object({
  id: z.string(),
  environment: z.string(),
  release: z.string(),
  actor: z.string(),
  opensAt: z.iso.datetime().nullable(),
  waitsFor: UnderWay.nullable(),
});
export type QueuedDeploy = z.infer<typeof QueuedDeploy>;
