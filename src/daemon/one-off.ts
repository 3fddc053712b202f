import { toKnownError } from "../core/errors.ts";
import { openEngine, stopStore, storeInUse } from "./engine.ts";
import { createUseCases } from "./local.ts";
import { runningDaemon } from "./lock.ts";
import { createParts } from "./parts.ts";
import type { Place } from "./place.ts";
import { stopApplication } from "./recover.ts";
import type { UseCases } from "./usecases.ts";

/** The use cases for one command, with nothing watched. What the command starts (services, router) goes on; the embedded store ends with it. */
export async function openOneOff(
  place: Place,
  environment?: string,
): Promise<{ usecases: UseCases; close(): Promise<void> }> {
  const engine = await openEngine(place, { environment });
  const parts = await createParts(engine, { channels: false, baseUrl: () => null, print: () => {}, report: () => {} });
  const usecases = createUseCases({
    engine,
    ...parts,
    daemon: () => ({ running: false, pid: null, url: null, startedAt: null }),
    onBackgroundError: (error) => process.stderr.write(`${toKnownError(error).message}\n`),
  });
  return {
    usecases,
    close: async () => {
      await engine.deployer.stop();
      await parts.incidents.close();
      await engine.close();
      // A daemon or another command that came meanwhile needs the store.
      if (!(await runningDaemon(place)) && !(await storeInUse(engine.store))) await stopStore(place);
    },
  };
}

/** Stops everything that a killed daemon or one-off commands left running. */
export async function stopWithoutDaemon(place: Place): Promise<void> {
  const engine = await openEngine(place);
  try {
    await stopApplication(engine);
  } finally {
    await engine.close();
    await stopStore(place);
  }
}
