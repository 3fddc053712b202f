import { unfinishedRollouts } from "../store/rollouts.ts";
import { liveUnits, updateUnit } from "../store/units.ts";
import { type DeployDependencies, unitRef } from "./run.ts";

/** How long a stream may go on after its release was replaced. */
const STREAM_BUDGET_MS = 5 * 60_000;
const GRACE_MS = 10_000;

/** Stops units that were kept for their streams, as soon as those end or their time is over. Answers the ids. */
export async function reap(
  { store, platform, app, clock }: DeployDependencies,
  environment: string,
): Promise<string[]> {
  const stopped: string[] = [];
  for (const unit of await liveUnits(store.db, { app, env: environment })) {
    if (unit.state !== "draining") continue;
    const context = { signal: AbortSignal.timeout(GRACE_MS * 2) };
    const target = { app, environment, service: unit.service };
    const figures = (await platform.traffic?.read(target, context))?.figures[unit.id];
    const since = Date.parse(unit.address.drainingSince ?? "") || 0;
    const over = clock.now() - since > STREAM_BUDGET_MS;
    if ((figures?.inflight ?? 0) > 0 && !over) continue;
    if (over && figures) await platform.traffic?.cut(target, unit.id, context);
    await platform.stop(unitRef(unit), GRACE_MS, context);
    await updateUnit(store.db, unit.id, { state: "stopped", stoppedAt: new Date(clock.now()) });
    stopped.push(unit.id);
  }
  return stopped;
}

/** Stops units that an interrupted restart left behind: started, but never given traffic. Only while nobody else works. */
export async function removeStrays({ store, platform, app }: DeployDependencies, environment: string): Promise<void> {
  const unfinished = new Set((await unfinishedRollouts(store.db, { app, env: environment })).map(({ id }) => id));
  for (const unit of await liveUnits(store.db, { app, env: environment })) {
    if (unit.role !== "candidate" || unfinished.has(unit.rolloutId)) continue;
    await platform.stop(unitRef(unit), GRACE_MS, { signal: AbortSignal.timeout(GRACE_MS * 2) });
    await updateUnit(store.db, unit.id, { state: "stopped", stoppedAt: new Date() });
  }
}
