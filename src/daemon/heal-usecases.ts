import { byName, type HealingPlan } from "../contract/healing.ts";
import type { Incident } from "../contract/incident.ts";
import { PolicyError, toKnownError } from "../core/errors.ts";
import type { Incidents } from "../incidents/incidents.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import { healingEffects } from "./heal.ts";
import type { UseCases } from "./usecases.ts";

const RELIEF_MS = 30_000;

interface HealOptions {
  engine: Engine;
  watch: Watch;
  incidents: Incidents;
}

type Next = NonNullable<HealingPlan["next"]>;

/** What people ask about healing and order of it. What a person orders is recorded, and takes none of the machine's actions. */
export function healUseCases(
  { engine, watch, incidents }: HealOptions,
  { restart, rollback }: Pick<UseCases, "restart" | "rollback">,
): Pick<UseCases, "healingPlan" | "decline" | "healNow" | "healingFigures"> {
  const effects = healingEffects(engine, () => watch);

  async function carryOut(
    { remedy }: Next,
    { service, incident }: { service: string; incident: string },
    actor: string,
  ) {
    if (remedy === "restart") {
      await restart(service, actor);
      return `${service} was restarted`;
    }
    if (remedy === "redeploy") {
      const { release, id } = await rollback({}, actor);
      return `the rollback to ${release} has begun (${id})`;
    }
    await engine.audit({ actor, action: `service.${remedy}`, subject: service, detail: { incident } });
    return (await effects.relieve(remedy, service, AbortSignal.timeout(RELIEF_MS))).detail;
  }

  async function healNow(id: string, actor: string): Promise<Incident> {
    const { underWay, next, service, refused, well } = await incidents.plan(id);
    if (underWay !== null)
      throw new PolicyError({
        code: "SM-HEAL-UNDER-WAY",
        message: `${underWay} is under way for ${id}`,
        next: `stationmaster heal ${id} shows how it goes`,
      });
    if (well)
      throw new PolicyError({
        code: "SM-HEAL-NOTHING",
        message: `all checks of ${id} pass: there is nothing to heal`,
        next: `stationmaster incidents ${id} shows until when it is watched`,
      });
    if (next === null || service === null) {
      const why = refused.map(({ remedy, reason }) => `${remedy}: ${reason}`).join("; ");
      throw new PolicyError({
        code: "SM-HEAL-NOTHING",
        message: `no remedy is left for ${id}${why && ` (${why})`}`,
        next: byName(service ?? "SERVICE"),
      });
    }
    const tried = { actor, step: next.rung + 1 };
    await incidents.ordered(id, { ...tried, text: `${actor} orders ${next.remedy} of ${service}` });
    try {
      const done = await carryOut(next, { service, incident: id }, actor);
      return await incidents.ordered(id, { ...tried, text: done });
    } catch (error) {
      const { message } = toKnownError(error);
      await incidents.ordered(id, { ...tried, text: `${next.remedy} of ${service} failed: ${message}` });
      throw error;
    }
  }

  return {
    healingPlan: (id) => incidents.plan(id),
    decline: (id, actor, reason) => incidents.decline(id, actor, reason),
    healNow,
    healingFigures: (days) => incidents.healing(days),
  };
}
