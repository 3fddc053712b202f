import { useQueryClient } from "@tanstack/react-query";
import { type Incident, isOver } from "../../src/contract/incident.ts";

/** Shows an incident as an order has left it, at once, and has the rest asked again. */
export function useIncidentOrder(): (order: Promise<Incident>) => Promise<void> {
  const client = useQueryClient();
  return async (order) => {
    const incident = await order;
    client.setQueryData(["incident", incident.id], incident);
    const stale = [["incidents"], ["status"], ...(isOver(incident.state) ? [] : [["healing-plan", incident.id]])];
    await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}
