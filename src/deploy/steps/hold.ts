import type { RolloutState } from "../../contract/rollout.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import type { Run } from "../run.ts";
import { drained, hasPort, LONGEST_HOLD_MS, member, routeOf, setRoute } from "./traffic.ts";

/**
 * Lets the requests of a service wait, at most 30 s from now, and those its units have come to their end, at most `drainMs`.
 * From then on the units can be stopped unnoticed.
 */
export async function holdRequests(
  run: Run,
  service: string,
  units: readonly UnitRow[],
  { drainMs, step }: { drainMs: number; step: RolloutState },
): Promise<void> {
  await renewHold(run, service, units, { key: `hold:${service}:${step.toLowerCase()}`, step });
  // Streams end with their process in any case: waiting for them would only keep everybody else waiting longer.
  await drained(run, service, units, { drainMs: Math.min(drainMs, LONGEST_HOLD_MS / 2), spareStreams: true });
}

/** Lets them wait on: 30 s from now. */
export async function renewHold(
  run: Run,
  service: string,
  units: readonly UnitRow[],
  record?: { key: string; step: RolloutState },
): Promise<void> {
  const hold = run.dependencies.clock.now() + LONGEST_HOLD_MS;
  // Leaving at the same time: a hold that runs out must not let requests into a process that is being stopped.
  const leaving = units.filter(hasPort).map((unit) => member(unit, true));
  await setRoute(run, service, { ...routeOf([], [], { hold }), stable: leaving }, record);
}
