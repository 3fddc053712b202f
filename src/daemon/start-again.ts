import type { RolloutPlan } from "../contract/rollout.ts";
import { unitRef } from "../deploy/run.ts";
import { strays } from "../deploy/strays.ts";
import { isOfThisBoot } from "../exec/process.ts";
import { permitStart } from "../incidents/start-again.ts";
import type { UnitRow } from "../store/tables/unit.ts";
import { liveUnits } from "../store/units.ts";
import type { Engine } from "./engine.ts";

const LOOK_MS = 15_000;

/** Services of which a restart was under way when its daemon died, with a process that lives; look before it is taken away. */
export async function cutOffRestarts({ deploy, platform, environment }: Engine): Promise<string[]> {
  const left = await strays({ dependencies: deploy, row: { app: deploy.app, env: environment } });
  const signal = AbortSignal.timeout(LOOK_MS);
  const looks = await Promise.all(left.map((unit) => platform.observe(unitRef(unit), { signal })));
  return left.filter((_, index) => looks[index]?.alive).map(({ service }) => service);
}

interface Permitted {
  /** The services of the plan that may change; null: all. */
  only: string[] | null;
  left: { service: string; reason: string }[];
  ended(outcome: "succeeded" | "failed"): Promise<void>;
}

/**
 * Which services of the plan may be started without a person's word. What died since the machine was started takes a ticket, as any
 * restart; what a start of the machine ended, and what was stopped or never ran, is no restart.
 */
export async function permitStarts(engine: Engine, plan: RolloutPlan, cutOff: readonly string[]): Promise<Permitted> {
  const { store, manifest, environment } = engine;
  const dead = await diedByThemselves(engine);
  const wanted = plan.services.filter(({ action }) => action !== "keep").map(({ service }) => service);
  const restored = plan.services.filter(({ action, service }) => action === "restore" && dead.includes(service));
  const left: Permitted["left"] = [];
  const ends: Permitted["ended"][] = [];
  for (const { service } of restored) {
    const isCutOff = cutOff.includes(service);
    const permit = await permitStart(store, { app: manifest.project, environment }, { service, isCutOff });
    if ("refused" in permit) left.push({ service, reason: permit.refused });
    else ends.push(permit.ended);
  }
  const may = wanted.filter((service) => left.every((other) => other.service !== service));
  return {
    only: left.length === 0 ? null : may,
    left,
    ended: async (outcome) => {
      for (const end of ends) await end(outcome);
    },
  };
}

async function diedByThemselves(engine: Engine): Promise<string[]> {
  const { store, manifest, environment, platform } = engine;
  const units = await liveUnits(store.db, { app: manifest.project, env: environment });
  const signal = AbortSignal.timeout(LOOK_MS);
  const isDead = async (unit: UnitRow) => {
    const { started } = unit.address;
    if (started !== undefined && !(await isOfThisBoot(started))) return false;
    return !(await platform.observe(unitRef(unit), { signal })).alive;
  };
  const dead = await Promise.all(units.map(isDead));
  return [...new Set(units.filter((_, index) => dead[index]).map(({ service }) => service))];
}
