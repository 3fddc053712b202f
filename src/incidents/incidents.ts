import type { Incident, IncidentSummary } from "../contract/incident.ts";
import { PolicyError, UserError } from "../core/errors.ts";
import { and, eq } from "../store/drizzle.ts";
import { healAction } from "../store/tables/incidents.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { createEngine } from "./engine.ts";
import { grantFirst } from "./epochs.ts";
import { serviceScope } from "./key.ts";
import type { IncidentsOptions } from "./options.ts";
import { type ListQuery, listIncidents, readIncident } from "./read.ts";
import { loadUnclosed } from "./rows.ts";
import type { IncidentRecord } from "./types.ts";

export interface Incidents {
  /** Takes a change of a check's verdict. Never rejects: while the store is away the event waits for `tick`. */
  handle(event: VerdictEvent): Promise<void>;
  /** Lets time pass: pacing, deadlines, quiet time, escalation. Call it every second. Rejects when the store fails. */
  tick(): Promise<void>;
  /** Continues the incidents that an earlier daemon left; once, before the first `handle`. */
  resume(): Promise<void>;
  /** From now on exactly the checks with these ids exist: an incident that has none of its checks left is resolved. */
  setChecks(ids: readonly string[]): Promise<void>;
  list(query?: ListQuery): Promise<IncidentSummary[]>;
  get(id: string): Promise<Incident | null>;
  /** Throws `UserError` when there is no such unclosed incident. */
  acknowledge(id: string, actor: string, note?: string): Promise<Incident>;
  /** Allows the proposed plan. Throws `UserError`, or `PolicyError` when nothing is proposed (any more). */
  approve(id: string, actor: string): Promise<Incident>;
  /** Grants a service its first 2 restarts; call it when a rollout of it SUCCEEDED. Only the first call has an effect. */
  grantFirstEpoch(service: string): Promise<void>;
  /** Aborts what is under way and waits for it; the next daemon's `resume` picks it up. */
  close(): Promise<void>;
}

/** The incidents of one environment: decides on what the checks say, and carries the decisions out. */
export function createIncidents(options: IncidentsOptions): Incidents {
  const { store, app, environment, clock } = options;
  const place = { app, environment };
  const engine = createEngine(options);
  let ticking = false;

  /** Whether the action that was under way may have touched the service: a restart without a ticket has not. */
  async function begun({ id, healing }: IncidentRecord): Promise<boolean> {
    if (healing.action === null || healing.remedy !== "restart") return true;
    const mine = and(eq(healAction.incidentId, id), eq(healAction.number, healing.action));
    const [action] = await store.db.select({ ticket: healAction.ticket }).from(healAction).where(mine);
    return action?.ticket !== null;
  }

  async function existing(id: string): Promise<Incident> {
    const found = await readIncident(store.db, place, id, clock.now());
    if (found && found.state !== "suspect") return found;
    throw problem("SM-INCIDENT-UNKNOWN", `there is no incident ${id}`);
  }

  async function unresolved(id: string): Promise<Incident> {
    const found = await existing(id);
    if (found.state !== "resolved") return found;
    throw problem("SM-INCIDENT-CLOSED", `incident ${id} is resolved`);
  }

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
    handle: async (event) => {
      if (event.environment === environment) await engine.take(event);
    },
    tick: async () => {
      if (ticking) return;
      ticking = true;
      await engine.passTime().finally(() => {
        ticking = false;
      });
    },
    resume: async () => {
      for (const record of await loadUnclosed(store.db, place))
        await engine.apply(record.id, { type: "resume", begun: await begun(record), at: clock.now() });
    },
    setChecks: async (checks) => {
      for (const { id } of await loadUnclosed(store.db, place))
        await engine.apply(id, { type: "checks", checks, at: clock.now() });
      await engine.keep(checks);
    },
    list: (query = {}) => listIncidents(store.db, place, query, clock.now()),
    get: (id) => readIncident(store.db, place, id, clock.now()),
    acknowledge: async (id, actor, note) => {
      await unresolved(id);
      await engine.apply(id, { type: "acknowledge", actor, note: note ?? null, at: clock.now() });
      return await existing(id);
    },
    approve: async (id, actor) => {
      await engine.apply(id, { type: "approve", actor, at: clock.now() }, () => mustBeProposed(id));
      return await existing(id);
    },
    grantFirstEpoch: async (service) => {
      await grantFirst(store.db, serviceScope(app, environment, service), "first rollout succeeded");
    },
    close: () => engine.close(),
  };
}

function problem(code: string, message: string): UserError {
  return new UserError({ code, message, next: "list the incidents with `stationmaster incidents`" });
}
