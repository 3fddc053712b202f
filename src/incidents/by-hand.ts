import { type Incident, isOver, type Severity } from "../contract/incident.ts";
import type { ReportRequest } from "../contract/requests.ts";
import { PolicyError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Engine } from "./engine.ts";
import { type Finder, incidentIsOver } from "./find.ts";
import { incidentKey } from "./key.ts";
import type { IncidentsOptions } from "./options.ts";
import { earlierOf, lockByKey } from "./rows.ts";

/** What people do to incidents. Each throws `UserError` where there is no such incident, or where it is in no state for it. */
export interface ByHand {
  /** Takes it: nobody else is called for a time that depends on the severity. */
  acknowledge(id: string, actor: string, note?: string): Promise<Incident>;
  setSeverity(id: string, severity: Severity, actor: string, note?: string): Promise<Incident>;
  /** Stops healing, or allows it again. */
  setFrozen(id: string, frozen: boolean, actor: string): Promise<Incident>;
  /** Ends the review; one that was opened by hand ends by it first. A `PolicyError` while its checks fail or are watched. */
  closeReview(id: string, actor: string, note: string): Promise<Incident>;
  /** Opens one. A `PolicyError` where one that was opened by hand for the same service is not over. */
  report(report: ReportRequest, actor: string): Promise<Incident>;
}

/** People's doors to the incidents of an environment. */
export function createByHand(
  { store, app, environment, clock }: Pick<IncidentsOptions, "store" | "app" | "environment" | "clock">,
  engine: Pick<Engine, "apply" | "report">,
  { existing, unresolved }: Finder,
): ByHand {
  const place = { app, environment };

  const mustGoOn = (id: string) => async () => void (await unresolved(id));

  async function mayEnd(id: string): Promise<void> {
    const { state, reportedBy } = await existing(id);
    if (state === "closed") throw incidentIsOver({ id, state });
    if (isOver(state) || reportedBy !== undefined) return;
    throw new PolicyError({
      code: "SM-INCIDENT-OPEN",
      message: `incident ${id} is ${state}: it ends when its checks have passed for a while`,
      next: `acknowledge it with stationmaster ack ${id}, or silence its checks with stationmaster silence add`,
    });
  }

  return {
    acknowledge: async (id, actor, note) => {
      const event = { type: "acknowledge" as const, actor, note: note ?? null, at: clock.now() };
      await engine.apply(id, event, mustGoOn(id));
      return await existing(id);
    },
    setSeverity: async (id, severity, actor, note) => {
      const event = { type: "judge" as const, severity, actor, note: note ?? null, at: clock.now() };
      await engine.apply(id, event, mustGoOn(id));
      return await existing(id);
    },
    setFrozen: async (id, frozen, actor) => {
      await engine.apply(id, { type: "freeze", frozen, actor, at: clock.now() }, mustGoOn(id));
      return await existing(id);
    },
    closeReview: async (id, actor, note) => {
      await engine.apply(id, { type: "close", actor, note, at: clock.now() }, () => mayEnd(id));
      return await existing(id);
    },
    report: async ({ service = null, symptom, severity }, actor) => {
      const at = clock.now();
      const said = { environment, service, component: "reported" };
      const key = incidentKey({ ...said, family: null });
      const { previous } = await earlierOf(store.db, place, key, at);
      const id = newId("inc", at);
      await engine.report({ type: "report", at, actor, id, key, previous, symptom, severity, ...said }, async () => {
        const open = await lockByKey(store.db, place, key, at);
        return new PolicyError({
          code: "SM-INCIDENT-EXISTS",
          message: `${open?.id ?? "another incident"} was opened by hand for ${service ?? "the environment"} and is not over`,
          next: `add to it, or end it with stationmaster incidents close ${open?.id ?? "ID"} --note TEXT`,
        });
      });
      return await existing(id);
    },
  };
}
