import type { HealingFigures, HealingPlan } from "../contract/healing.ts";
import type { Incident } from "../contract/incident.ts";
import { PolicyError } from "../core/errors.ts";
import { look } from "./background.ts";
import type { Engine } from "./engine.ts";
import { figuresOf, readHealed } from "./figures.ts";
import type { Finder } from "./find.ts";
import { planOf } from "./healing-plan.ts";
import { type IncidentsOptions, rulesOf } from "./options.ts";
import { lockIncident } from "./rows.ts";

const LOOK_MS = 15_000;
const DAY_MS = 24 * 3_600_000;

/** What people see of healing and decide about it. Each throws `UserError` where there is no such incident, or where it is over. */
export interface HealByHand {
  /** What would be done next, and what stands in its way. Does nothing. */
  plan(id: string): Promise<HealingPlan>;
  /** Allows the proposed plan; it is checked against every veto again. A `PolicyError` when nothing is proposed (any more). */
  approve(id: string, actor: string): Promise<Incident>;
  /** Refuses the proposed plan; people are called. Errors as for `approve`. */
  decline(id: string, actor: string, reason: string): Promise<Incident>;
  /** Notes what a person does about it; the rungs before `step` (from 0) are not tried any more. */
  ordered(id: string, order: { actor: string; text: string; step: number }): Promise<Incident>;
  /** How well healing went in the last days. */
  healing(days: number): Promise<HealingFigures>;
}

/** People's doors to the healing of an environment. */
export function createHealByHand(
  options: IncidentsOptions,
  engine: Pick<Engine, "apply">,
  { existing, unresolved }: Finder,
): HealByHand {
  const { store, app, environment, clock } = options;
  const place = { app, environment };
  const rules = rulesOf(options);

  async function mustBeProposed(id: string): Promise<void> {
    const { actions } = await unresolved(id);
    if (actions.some((action) => action.outcome === "proposed")) return;
    throw new PolicyError({
      code: "SM-INCIDENT-NO-PROPOSAL",
      message: `incident ${id} has no plan that waits for approval`,
      next: "a plan is proposed in mode `propose` and is valid for 30 min; mend it by hand",
    });
  }

  return {
    plan: async (id) => {
      await unresolved(id);
      const record = await lockIncident(store.db, place, id);
      if (!record) throw new Error(`incident ${id} vanished`);
      const outlook = await look(record, { ...options, signal: AbortSignal.timeout(LOOK_MS) });
      return planOf(record, outlook, rules, clock.now());
    },
    approve: async (id, actor) => {
      await engine.apply(id, { type: "approve", actor, at: clock.now() }, () => mustBeProposed(id));
      return await existing(id);
    },
    decline: async (id, actor, reason) => {
      await engine.apply(id, { type: "decline", actor, reason, at: clock.now() }, () => mustBeProposed(id));
      return await existing(id);
    },
    ordered: async (id, order) => {
      await engine.apply(id, { type: "ordered", ...order, at: clock.now() });
      return await existing(id);
    },
    healing: async (days) => {
      const now = clock.now();
      const since = now - days * DAY_MS;
      return figuresOf(await readHealed(store.db, place, since), { since, now });
    },
  };
}
