import { Registry } from "prom-client";
import type { Watch, WatchOptions } from "../../watch/watch.ts";
import type { Engine } from "../engine.ts";
import { createRunMeters } from "./runs.ts";
import { createScheduleMeters } from "./schedule.ts";
import { createStoredMeters } from "./stored.ts";

/** What a daemon measures of its own work, for `/metrics`. */
export interface Meters {
  registry: Registry;
  /** Hears of each run. */
  ran: NonNullable<WatchOptions["onResult"]>;
  /** From now on the figures of its schedule are there too. */
  follow(watch: Pick<Watch, "figures">): void;
}

/** `report` hears of figures that could not be read for a scrape. */
export function createMeters(engine: Engine, report: (error: unknown) => void): Meters {
  const registry = new Registry();
  createStoredMeters(registry, engine, report);
  return {
    registry,
    ran: createRunMeters(registry),
    follow: (watch) => createScheduleMeters(registry, () => watch.figures()),
  };
}
