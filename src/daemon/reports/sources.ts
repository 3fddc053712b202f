import type { Check } from "../../contract/check.ts";
import type { Watch } from "../../watch/watch.ts";
import { currentChecks } from "../checks.ts";
import type { Engine } from "../engine.ts";
import type { UseCases } from "../usecases.ts";

/** What reports are made from. */
export interface Sources {
  engine: Engine;
  watch: Pick<Watch, "list" | "figures">;
  ask: Pick<UseCases, "status" | "silences" | "healingFigures" | "logs">;
}

/** `verdict`: left out where nothing is watched. */
export type SeenCheck = Pick<Check, "id" | "service" | "type" | "lastResult"> & Partial<Pick<Check, "verdict">>;

/** The checks there are; where nothing is watched, those that a daemon would run. */
export async function checksOf({ engine, watch }: Sources): Promise<SeenCheck[]> {
  const watched = await watch.list();
  if (watched.length > 0) return watched;
  const specs = await currentChecks(engine, () => {});
  return specs.map(({ id, service, type }) => ({ id, service, type, lastResult: null }));
}
