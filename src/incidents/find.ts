import { type Incident, isOver } from "../contract/incident.ts";
import type { Clock } from "../core/clock.ts";
import { UserError } from "../core/errors.ts";
import type { Store } from "../store/connect.ts";
import { readIncident } from "./read.ts";
import type { Place } from "./rows.ts";

/** Incidents that doors ask for by their id. */
export interface Finder {
  /** Throws `SM-INCIDENT-UNKNOWN`; nobody asks for a suspicion. */
  existing(id: string): Promise<Incident>;
  /** Throws `SM-INCIDENT-CLOSED` too: the incident is not over. */
  unresolved(id: string): Promise<Incident>;
}

export function createFinder(store: Store, place: Place, clock: Clock): Finder {
  async function existing(id: string): Promise<Incident> {
    const found = await readIncident(store.db, place, id, clock.now());
    if (found && found.state !== "suspect") return found;
    throw problem("SM-INCIDENT-UNKNOWN", `there is no incident ${id}`);
  }
  return {
    existing,
    unresolved: async (id) => {
      const found = await existing(id);
      if (isOver(found.state)) throw incidentIsOver(found);
      return found;
    },
  };
}

export function incidentIsOver({ id, state }: Pick<Incident, "id" | "state">): UserError {
  return problem("SM-INCIDENT-CLOSED", `incident ${id} is ${state}`);
}

function problem(code: string, message: string): UserError {
  return new UserError({ code, message, next: "list the incidents with `stationmaster incidents --all`" });
}
