import { toKnownError } from "../core/errors.ts";
import { unitRef } from "../deploy/run.ts";
import type { Platform } from "../platforms/platform.ts";
import { findRelease } from "../store/releases.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits, updateUnit } from "../store/units.ts";
import type { Engine } from "./engine.ts";
import { endLeftovers } from "./leftovers.ts";
import type { Place } from "./place.ts";
import type { StopStep } from "./stop-steps.ts";
import { reviveStore } from "./store.ts";

const DEADLINE_MS = 15_000;
const GRACE_MS = 10_000;

interface Running {
  place: Place;
  /** That of processes on this machine. */
  platform: Pick<Platform, "stop" | "ends">;
  /** Undefined when the store cannot be opened: then processes are known by their marks only. */
  engine: Engine | undefined;
  /** Aborts when nobody wants to wait any longer: what still has time to end by itself is killed. */
  hurry: AbortSignal;
}

/**
 * What ends all that runs on this machine for the application of a state directory, whatever its environment: services, router,
 * databases of the manifest. What runs on hosts goes on.
 */
export function applicationSteps({ place, platform, engine, hurry }: Running): StopStep[] {
  return [
    {
      what: "the services",
      end: async () => {
        const failure = engine && (await stopUnits(engine, platform, { hurry }).then(() => undefined, toKnownError));
        const looked = await endLeftovers(place, hurry.aborted ? 0 : GRACE_MS);
        if (failure && !looked) throw failure;
      },
    },
    ...(platform.ends ?? []),
  ];
}

/** Stops the units on this machine, of one environment or of all, in their grace. Rejects when the store cannot say which there are. */
export async function stopUnits(
  engine: Engine,
  platform: Running["platform"],
  { environment, hurry }: { environment?: string; hurry: AbortSignal },
): Promise<void> {
  const { place, store, manifest } = engine;
  await reviveStore(place, store);
  const units = (await liveUnits(store.db, { app: manifest.project, env: environment })).filter(isHere);
  const ends = await Promise.allSettled(units.map((unit) => stopUnit({ store, platform }, unit, hurry)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** Whether a unit is a process of this machine. */
export function isHere({ address }: Pick<UnitRow, "address">): boolean {
  return address.host === undefined;
}

async function stopUnit(
  { platform, store }: Pick<Running, "platform"> & Pick<Engine, "store">,
  unit: UnitRow,
  hurry: AbortSignal,
): Promise<void> {
  const release = await findRelease(store.db, unit.app, unit.release);
  const graceMs = release?.services[unit.service]?.graceMs ?? GRACE_MS;
  const stop = (ms: number) => platform.stop(unitRef(unit), ms, { signal: AbortSignal.timeout(ms + DEADLINE_MS) });
  // A second order without grace ends what the first one waits for.
  const kill = () => void stop(0).catch(() => {});
  hurry.addEventListener("abort", kill, { once: true });
  try {
    await stop(hurry.aborted ? 0 : graceMs);
    await updateUnit(store.db, unit.id, { state: "stopped", stoppedAt: new Date() });
  } finally {
    hurry.removeEventListener("abort", kill);
  }
}
