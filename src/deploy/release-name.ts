import { UserError } from "../core/errors.ts";
import type { Store } from "../store/connect.ts";
import { allReleases, findRelease } from "../store/releases.ts";
import { unfinishedRollouts } from "../store/rollouts.ts";
import type { ReleasedService, ReleaseRow } from "../store/tables/release.ts";
import { configHash } from "./desired.ts";

interface Naming {
  app: string;
  env: string;
  current: ReleaseRow | undefined;
  wanted: Record<string, ReleasedService>;
  /** By the user. */
  asked: string | undefined;
}

/**
 * The name of what would be shipped: that of the release that serves, or is being shipped, where it is the same; `isNew` unless it
 * served before. `UserError` `SM-RELEASE-EXISTS` where the name that was asked for is another content's.
 */
export async function releaseName(
  store: Store,
  { app, env, current, wanted, asked }: Naming,
): Promise<{ name: string; isNew: boolean }> {
  const hash = configHash(wanted);
  if (asked !== undefined) {
    const existing = await findRelease(store.db, app, asked);
    if (!existing) return { name: asked, isNew: true };
    if (existing.configHash === hash && !existing.removedAt) return { name: asked, isNew: false };
    throw new UserError({
      code: "SM-RELEASE-EXISTS",
      message: `the release "${asked}" exists with other content`,
      next: `choose another name, or go back to it with stationmaster rollback --to ${asked}`,
    });
  }
  if (current && current.configHash === hash && !current.removedAt) return { name: current.name, isNew: false };
  for (const { release } of await unfinishedRollouts(store.db, { app, env }))
    if ((await findRelease(store.db, app, release))?.configHash === hash) return { name: release, isNew: true };
  const numbers = (await allReleases(store.db, app)).map(({ name }) => Number(/^r(\d+)$/.exec(name)?.[1] ?? 0));
  const number = Math.max(0, ...numbers) + 1;
  return { name: `r${number}`, isNew: true };
}
