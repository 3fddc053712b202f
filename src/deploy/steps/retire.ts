import type { RolloutState } from "../../contract/rollout.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { liveUnits, startDraining } from "../../store/units.ts";
import { isPlanned, type Run } from "../run.ts";
import { unlessLost } from "./quorum.ts";
import { drained } from "./traffic.ts";
import { stopUnit } from "./units.ts";

interface RetireOptions {
  service: string;
  units: readonly UnitRow[];
  drainMs: number;
  graceMs: number;
  step: RolloutState;
}

/**
 * Units that left the route finish their requests and stop. One that still carries a stream is left to `reap`, so that a
 * long WebSocket neither delays the rollout nor is cut by it; so is one on a host that the plan no longer has, whose gate this
 * rollout does not hold, or that was lost while the others are a quorum.
 */
export async function retire(run: Run, { service, units, drainMs, graceMs, step }: RetireOptions): Promise<void> {
  const { store, clock } = run.dependencies;
  await startDraining(store.db, units, clock.now());
  // Also those that an interrupted attempt had taken out before.
  const leaving = (await liveUnits(store.db, run.row)).filter(
    (unit) => unit.service === service && unit.state === "draining" && unit.rolloutId !== run.row.id,
  );
  const outcome = await settle(run, service, leaving, drainMs, step);
  const free = leaving.filter((unit) => !outcome.includes(unit.id) && isPlanned(run, unit));
  await Promise.all(free.map((unit) => unlessLost(run, unit, () => stopUnit(run, unit, graceMs, step))));
}

async function settle(
  run: Run,
  service: string,
  units: readonly UnitRow[],
  drainMs: number,
  step: RolloutState,
): Promise<string[]> {
  if (units.every((unit) => unit.address.port === undefined)) return [];
  const ids = units.map(({ id }) => id);
  const payload = await run.journal.effect({
    key: `drain:${ids.join(",")}`,
    step,
    target: service,
    intent: { units: ids },
    act: async () => ({ ...(await drained(run, service, units, { drainMs, spareStreams: true })) }),
  });
  return Array.isArray(payload.streaming) ? payload.streaming.filter((id) => typeof id === "string") : [];
}
