import type { Incident } from "../../contract/incident.ts";

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

/** Begins the part of an issue's text that is ours; projects of one repository have their own. */
export function beginMark(project: string, incident: Pick<Incident, "key">): string {
  return `<!-- stationmaster:incident v=1 project=${project} key=${keyLabel(incident)} begin -->`;
}

export const END_MARK = "<!-- stationmaster:incident end -->";

/** Ends a comment, so that it is known again. */
export function eventMark({ id }: Pick<Incident, "id">, seq: number): string {
  return `<!-- stationmaster:event incident=${id} seq=${seq} -->`;
}

/** The text with our part made new; what people wrote around it stays. Where the marks are gone, ours comes first. */
export function withPart(text: string | null, part: string, begin: string): string {
  const old = (text ?? "").replaceAll("\r\n", "\n");
  const from = old.indexOf(begin);
  const to = from < 0 ? -1 : old.indexOf(END_MARK, from);
  if (to < 0) return old.trim() === "" ? part : `${part}\n\n${old.trim()}`;
  return `${old.slice(0, from)}${part}${old.slice(to + END_MARK.length)}`;
}
