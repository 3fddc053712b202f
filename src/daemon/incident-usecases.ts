import { UserError } from "../core/errors.ts";
import type { Incidents } from "../incidents/incidents.ts";
import type { Engine } from "./engine.ts";
import type { UseCases } from "./usecases.ts";

type IncidentDoors = Pick<
  UseCases,
  "incidents" | "incident" | "acknowledge" | "approve" | "setSeverity" | "setFrozen" | "closeReview" | "reportIncident"
>;

const LISTED = { open: { state: "unclosed" }, review: { state: "review" }, all: {} } as const;

/** What people see of incidents and do to them. Each deed is in the incident's timeline and so in the audit. */
export function incidentUseCases(engine: Pick<Engine, "manifest">, incidents: Incidents): IncidentDoors {
  return {
    incidents: ({ state, check, limit }) => incidents.list({ ...LISTED[state], check, limit }),
    incident: async (id) => {
      const found = await incidents.get(id);
      if (!found)
        throw new UserError({
          code: "SM-INCIDENT-UNKNOWN",
          message: `there is no incident ${id}`,
          next: "see stationmaster incidents",
        });
      return found;
    },
    acknowledge: (id, actor, note) => incidents.acknowledge(id, actor, note),
    approve: (id, actor) => incidents.approve(id, actor),
    setSeverity: (id, severity, actor, note) => incidents.setSeverity(id, severity, actor, note),
    setFrozen: (id, frozen, actor) => incidents.setFrozen(id, frozen, actor),
    closeReview: (id, actor, note) => incidents.closeReview(id, actor, note),
    reportIncident: async (request, actor) => {
      if (request.service !== undefined) requireService(engine, request.service);
      return await incidents.report(request, actor);
    },
  };
}

/** Throws `SM-SERVICE-UNKNOWN` where the manifest has no such service. */
export function requireService({ manifest }: Pick<Engine, "manifest">, service: string): void {
  const names = Object.keys(manifest.services);
  if (!names.includes(service))
    throw new UserError({
      code: "SM-SERVICE-UNKNOWN",
      message: `there is no service "${service}"`,
      next: `there are ${names.join(", ")}`,
    });
}
