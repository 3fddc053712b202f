import type { Incident, IncidentSummary } from "../contract/incident.ts";
import { and, eq } from "../store/drizzle.ts";
import { healAction } from "../store/tables/incidents.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { type ByHand, createByHand } from "./by-hand.ts";
import { forEach } from "./each.ts";
import { createEngine } from "./engine.ts";
import { createFinder } from "./find.ts";
import { createHealByHand, type HealByHand } from "./heal-by-hand.ts";
import type { IncidentsOptions } from "./options.ts";
import { type ListQuery, listIncidents, readIncident } from "./read.ts";
import { loadUnclosed } from "./rows.ts";
import type { IncidentRecord, LifecycleEvent } from "./types.ts";

export interface Incidents extends ByHand, HealByHand {
  /**
   * Takes a change of a check's verdict; resolves when the incidents show it. Rejects where it is to be handed in again, such as while the
   * store is away or after `close`; what comes twice changes nothing.
   */
  handle(event: VerdictEvent): Promise<void>;
  /** Lets time pass: pacing, deadlines, quiet time, escalation. Call it every second. Rejects when the store fails. */
  tick(): Promise<void>;
  /** Continues the incidents that an earlier daemon left; once, before the first `handle`. */
  resume(): Promise<void>;
  /** From now on exactly the checks with these ids exist: an incident that has none of its checks left is resolved. */
  setChecks(ids: readonly string[]): Promise<void>;
  list(query?: ListQuery): Promise<IncidentSummary[]>;
  get(id: string): Promise<Incident | null>;
  /** Aborts what is under way and waits for it; the next daemon's `resume` picks it up. */
  close(): Promise<void>;
}

/** The incidents of one environment: decides on what the checks say, and carries the decisions out. */
export function createIncidents(options: IncidentsOptions): Incidents {
  const { store, app, environment, clock } = options;
  const place = { app, environment };
  const engine = createEngine(options);
  const finder = createFinder(store, place, clock);
  let ticking = false;

  /** Whether the action that was under way may have touched the service: one that was not counted has not. */
  async function begun({ id, healing }: IncidentRecord): Promise<boolean> {
    if (healing.action === null) return true;
    const mine = and(eq(healAction.incidentId, id), eq(healAction.number, healing.action));
    const [action] = await store.db.select({ ticket: healAction.ticket }).from(healAction).where(mine);
    return action?.ticket !== null;
  }

  async function toEach(eventFor: (record: IncidentRecord) => Promise<LifecycleEvent>): Promise<void> {
    const tell = async (record: IncidentRecord) => await engine.apply(record.id, await eventFor(record));
    await forEach(await loadUnclosed(store.db, place), tell, options.report ?? (() => {}));
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
      await options.silences.refresh();
      await toEach(async (record) => ({ type: "resume", begun: await begun(record), at: clock.now() }));
    },
    setChecks: async (checks) => {
      await toEach(async () => ({ type: "checks", checks, at: clock.now() }));
      await engine.keep(checks);
    },
    list: (query = {}) => listIncidents(store.db, place, query, clock.now()),
    get: async (id) => {
      const found = await readIncident(store.db, place, id, clock.now());
      const runbooks = options.runbooks?.(found?.failedChecks ?? []) ?? [];
      return found && runbooks.length > 0 ? { ...found, runbooks } : found;
    },
    ...createByHand(options, engine, finder),
    ...createHealByHand(options, engine, finder),
    close: () => engine.close(),
  };
}
