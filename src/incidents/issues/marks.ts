import type { Incident } from "../../contract/incident.ts";
import type { Marks } from "../../github/part.ts";

const LABEL = "production-incident";
/** On an incident's issue it stops healing. */
export const FROZEN_LABEL = "frozen";

/** The label by which an incident's issue is found: 12 digits of its key. */
export function keyLabel({ key }: Pick<Incident, "key">): string {
  return `inc-${key.slice(0, 12)}`;
}

export function labelsOf(incident: Pick<Incident, "key" | "severity">): string[] {
  return [LABEL, incident.severity, keyLabel(incident)];
}

/** Around the part of an issue's text that is ours; projects of one repository have their own. */
export function marksOf(project: string, incident: Pick<Incident, "key">): Marks {
  return {
    begin: `<!-- stationmaster:incident v=1 project=${project} key=${keyLabel(incident)} begin -->`,
    end: "<!-- stationmaster:incident end -->",
  };
}

/** Ends a comment, so that it is known again. */
export function eventMark({ id }: Pick<Incident, "id">, seq: number): string {
  return `<!-- stationmaster:event incident=${id} seq=${seq} -->`;
}
