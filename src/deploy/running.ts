import { isAway } from "../core/errors.ts";
import { findRelease } from "../store/releases.ts";
import { liveUnits } from "../store/units.ts";
import type { Running } from "./plan.ts";
import { type DeployDependencies, unitRef } from "./run.ts";

/** What the living units of each service run. */
export async function runningServices(
  { store, platform, app }: Pick<DeployDependencies, "store" | "platform" | "app">,
  environment: string,
  signal: AbortSignal,
): Promise<Record<string, Running>> {
  const wanted = platform.hosts?.();
  const result: Record<string, Running> = {};
  for (const unit of await liveUnits(store.db, { app, env: environment })) {
    const released = (await findRelease(store.db, app, unit.release))?.services[unit.service];
    if (unit.role !== "stable" || unit.state === "draining") continue;
    const { host } = unit.address;
    // One that the manifest no longer names may be gone for good, and what is there leaves in any case.
    const left = host !== undefined && wanted !== undefined && !wanted.includes(host);
    const alive = left || (await isAlive(platform.observe(unitRef(unit), { signal }))) ? 1 : 0;
    const known = result[unit.service];
    // Where part of it is of an unknown release, the whole is not what any release of ours says.
    const { release, service } = known && !known.service ? known : { release: unit.release, service: released };
    result[unit.service] = {
      ...{ release, service, alive: (known?.alive ?? 0) + alive },
      ...(host === undefined ? {} : { hosts: { ...known?.hosts, [host]: (known?.hosts?.[host] ?? 0) + alive } }),
    };
  }
  return result;
}

/** On a host that does not answer it goes on, as far as anybody knows: the way back must not wait for that host. */
async function isAlive(look: Promise<{ alive: boolean }>): Promise<boolean> {
  return await look.then(
    ({ alive }) => alive,
    (error: unknown) => {
      if (isAway(error)) return true;
      throw error;
    },
  );
}
