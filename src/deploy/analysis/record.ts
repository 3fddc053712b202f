import type { MemberFigures } from "../../platforms/traffic.ts";
import { addTraffic, type CountedTraffic } from "../../store/traffic.ts";
import { liveUnits } from "../../store/units.ts";
import type { DeployDependencies } from "../run.ts";

type Counters = Pick<MemberFigures, "requests" | "errors">;

/**
 * Writes what the data plane counted since the last call into the minutes that planning and judging look back on. Counters rise
 * as long as their unit is on the route; of one that is seen for the first time only what follows is known to be recent.
 */
export function createRecorder({
  app,
  store,
  platform,
}: DeployDependencies): (env: string, signal: AbortSignal) => Promise<void> {
  let known = new Map<string, Counters>();
  return async (env, signal) => {
    const units = await liveUnits(store.db, { app, env });
    const services = [...new Set(units.map(({ service }) => service))];
    const next = new Map<string, Counters>();
    const counted: CountedTraffic[] = [];
    for (const service of services) {
      const view = await platform.traffic?.read({ app, environment: env, service }, { signal });
      for (const [id, figures] of Object.entries(view?.figures ?? {})) {
        const release = units.find((unit) => unit.id === id)?.release;
        next.set(id, figures);
        const last = known.get(id);
        if (release && last) counted.push({ service, release, ...since(last, figures) });
      }
    }
    known = next;
    if (counted.length > 0) await addTraffic(store.db, { app, env }, joined(counted));
  };
}

/** A counter that fell was set back, as by a reload of the data plane: it began at 0. */
export function since(last: Counters, { requests, errors }: Counters): Counters {
  if (requests < last.requests || errors < last.errors) return { requests, errors };
  return { requests: requests - last.requests, errors: errors - last.errors };
}

/** One row for all units of a release: a statement may touch a row once only. */
function joined(counted: readonly CountedTraffic[]): CountedTraffic[] {
  const groups = Map.groupBy(counted, ({ service, release }) => `${service}\0${release}`);
  return [...groups.values()].map((list) =>
    list.reduce((sum, { requests, errors, ...key }) => ({
      ...key,
      requests: sum.requests + requests,
      errors: sum.errors + errors,
    })),
  );
}
