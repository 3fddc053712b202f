import type { Store } from "../store/connect.ts";
import { keptReleases } from "../store/releases.ts";
import { listRollouts } from "../store/rollouts.ts";
import type { ReleaseRow } from "../store/tables/release.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";

const HISTORY = 200;

interface Place {
  store: Store;
  app: string;
  environment: string;
}

/**
 * The rollouts that what runs now rests on, oldest first, of a history that is newest first. A success goes on top; a rollback
 * takes away all above the release it went back to, so what was left behind is never the way back.
 */
export function standing<T extends Pick<RolloutRow, "kind" | "release" | "state">>(history: readonly T[]): T[] {
  const stack: T[] = [];
  for (const rollout of history.toReversed()) {
    if (rollout.state !== "SUCCEEDED") continue;
    const target = rollout.kind === "rollback" ? stack.findLastIndex(({ release }) => release === rollout.release) : -1;
    if (target >= 0) stack.length = target + 1;
    else stack.push(rollout);
  }
  return stack;
}

/** The names of the releases before the current one that it is right to go back to, nearest first. */
export function waysBack(stack: readonly Pick<RolloutRow, "release">[]): string[] {
  const current = stack.at(-1)?.release;
  const names = stack.map(({ release }) => release).filter((release) => release !== current);
  return [...new Set(names.toReversed())];
}

/** When the service last got other code or settings that it still has, epoch ms; null when that is not known. */
export function lastDeployAt(
  stack: readonly Pick<RolloutRow, "kind" | "plan" | "finishedAt">[],
  service: string,
): number | null {
  const found = stack.findLast(
    ({ kind, plan }) =>
      kind === "deploy" && plan.services.some((item) => item.service === service && item.action === "replace"),
  );
  return found?.finishedAt?.getTime() ?? null;
}

/** `standing` of the stored rollouts of an environment. */
export async function standingRollouts({ store, app, environment }: Place): Promise<RolloutRow[]> {
  return standing(await listRollouts(store.db, { app, env: environment, limit: HISTORY }));
}

/** The kept release to go back to from the top of `stack`; undefined when there is none. */
export async function previousGood(
  { store, app }: Omit<Place, "environment">,
  stack: readonly RolloutRow[],
): Promise<ReleaseRow | undefined> {
  const kept = await keptReleases(store.db, app);
  return waysBack(stack).flatMap((name) => kept.find((release) => release.name === name) ?? [])[0];
}
