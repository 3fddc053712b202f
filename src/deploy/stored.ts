import { PolicyError, UserError } from "../core/errors.ts";
import { findRelease, insertRelease } from "../store/releases.ts";
import { findRollout, insertRollout } from "../store/rollouts.ts";
import type { release } from "../store/tables/release.ts";
import type { RolloutRow, rollout } from "../store/tables/rollout.ts";
import { dropWish } from "../store/wishes.ts";
import { configHash } from "./desired.ts";
import type { DeployDependencies } from "./run.ts";

/** A stored rollout of the application; a `UserError` when there is none. */
export async function requireRollout(
  { store, app }: Pick<DeployDependencies, "store" | "app">,
  id: string,
): Promise<RolloutRow> {
  const row = await findRollout(store.db, id);
  if (row?.app === app) return row;
  throw new UserError({
    code: "SM-ROLLOUT-UNKNOWN",
    message: `there is no rollout ${id}`,
    next: "see stationmaster status",
  });
}

interface Begun {
  release: typeof release.$inferInsert;
  rollout: typeof rollout.$inferInsert;
  /** It was queued, and leaves the queue by this. */
  queued: boolean;
}

/**
 * Stores a rollout with its release, all of it or nothing. `SM-PLAN-CHANGED` where another deployment gave the name to other content
 * since the plan was made; `SM-QUEUE-EMPTY` where a queued one was taken back at the last moment.
 */
export async function storeRollout(
  { store }: Pick<DeployDependencies, "store">,
  { release, rollout, queued }: Begun,
): Promise<RolloutRow> {
  return await store.db.transaction(async (tx) => {
    await insertRelease(tx, release);
    const stored = await findRelease(tx, release.app, release.name);
    if (stored && configHash(stored.services) !== configHash(release.services)) throw changedPlan();
    if (queued && !(await dropWish(tx, rollout.id))) throw notQueued();
    return await insertRollout(tx, rollout);
  });
}

/** What would be done is not what was agreed to. */
export function changedPlan(): PolicyError {
  return new PolicyError({
    code: "SM-PLAN-CHANGED",
    message: "something changed since the plan was shown, so the plan would be another one now",
    next: "look at the new plan and confirm again",
  });
}

/** The deployment does not wait any more, or never did. */
export function notQueued(): UserError {
  return new UserError({
    code: "SM-QUEUE-EMPTY",
    message: "no deployment is queued",
    next: "see stationmaster status",
  });
}
