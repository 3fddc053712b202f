import type { IncidentAction } from "./incident.ts";

/** What healing did, in the order of its first time: `restart failed, people called`. What came again is not repeated. */
export function actionsText(actions: readonly IncidentAction[]): string {
  const texts = actions.map(({ remedy, outcome }) =>
    remedy === "escalate" && outcome === "succeeded" ? "people called" : `${remedy} ${outcome}`,
  );
  return [...new Set(texts)].join(", ");
}
