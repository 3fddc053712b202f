import { type Incident, type IncidentEvent, isOver, type Severity } from "../../contract/incident.ts";
import { hashOf } from "../../github/part.ts";
import type { Issue } from "../../github/tracker.ts";
import type { IncidentIssueRow } from "../../store/tables/issues.ts";
import { isNews } from "./comment.ts";
import { FROZEN_LABEL, labelsOf } from "./marks.ts";

const EDIT_MS = 60_000;
const UPDATE_MS = 30 * 60_000;
/** The last of them is kept for the end. */
export const MOST_COMMENTS = 20;
const SEVERITIES: readonly string[] = ["SEV1", "SEV2", "SEV3"] satisfies Severity[];

/** What is remembered of an issue; times in epoch ms. */
export type Mirror = Pick<IncidentIssueRow, "told" | "comments" | "closedBy" | "frozen" | "dispatched" | "textHash"> & {
  commentedAt: number;
  textAt: number;
};

/** One thing to do, in this order. */
export type Step =
  | { type: "freeze"; frozen: boolean }
  | { type: "reopen" }
  | { type: "edit"; hash: string }
  | { type: "label"; add: string[]; remove: string[] }
  | { type: "comment"; events: IncidentEvent[] }
  /** Says once that a person's closing does not end the incident. */
  | { type: "object" }
  | { type: "close" }
  /** What is true already is put down. */
  | { type: "note"; closedBy: Mirror["closedBy"] }
  /** Calls the code agent. */
  | { type: "dispatch" };

interface Sight {
  incident: Incident;
  mirror: Mirror;
  seen: Pick<Issue, "state" | "labels">;
  /** The title and our part of the text, as they should be. */
  text: string;
  /** The severities for which a code agent is to be called. */
  dispatches: readonly Severity[];
  /** Epoch ms. */
  now: number;
}

/** What makes the issue show its incident. Pure; once all of it is done, the answer is empty. */
export function plan(sight: Sight): Step[] {
  const { incident, mirror, seen, dispatches } = sight;
  const over = isOver(incident.state);
  const frozen = seen.labels.includes(FROZEN_LABEL);
  const calls = !over && !mirror.dispatched && dispatches.includes(incident.severity);
  return [
    ...(over || frozen === mirror.frozen ? [] : [{ type: "freeze" as const, frozen }]),
    ...(over ? [] : openSteps(mirror, seen)),
    ...editSteps(sight, over),
    ...labelSteps(incident, seen.labels),
    ...commentSteps(sight, over),
    ...(over ? closeSteps(mirror, seen) : []),
    ...(calls ? [{ type: "dispatch" as const }] : []),
  ];
}

/** The events before the first that is worth a comment stand in the text of a new issue. */
export function toldByText(timeline: readonly IncidentEvent[]): number {
  const first = timeline.find(isNews);
  return first ? first.seq - 1 : (timeline.at(-1)?.seq ?? 0);
}

function openSteps({ closedBy }: Mirror, { state }: Sight["seen"]): Step[] {
  if (closedBy === "us") return state === "closed" ? [{ type: "reopen" }] : [{ type: "note", closedBy: null }];
  if (closedBy === null && state === "closed") return [{ type: "object" }];
  return closedBy === "person" && state === "open" ? [{ type: "note", closedBy: null }] : [];
}

function closeSteps({ closedBy }: Mirror, { state }: Sight["seen"]): Step[] {
  if (closedBy === "us") return [];
  return state === "open" ? [{ type: "close" }] : [{ type: "note", closedBy: "us" }];
}

/** At most once a minute, except that an end is shown at once. */
function editSteps({ mirror, text, now }: Sight, over: boolean): Step[] {
  const hash = hashOf(text);
  const isDue = over || now - mirror.textAt >= EDIT_MS;
  return hash !== mirror.textHash && isDue ? [{ type: "edit", hash }] : [];
}

function labelSteps(incident: Incident, seen: readonly string[]): Step[] {
  const wanted = labelsOf(incident);
  const add = wanted.filter((label) => !seen.includes(label));
  const remove = SEVERITIES.filter((label) => label !== incident.severity && seen.includes(label));
  return add.length + remove.length > 0 ? [{ type: "label", add, remove }] : [];
}

function commentSteps({ incident, mirror, now }: Sight, over: boolean): Step[] {
  const events = incident.timeline.filter(({ seq }) => seq > mirror.told);
  const isDue = events.some(isNews) || (!over && events.length > 0 && now - mirror.commentedAt >= UPDATE_MS);
  const left = MOST_COMMENTS - mirror.comments;
  return isDue && left > (over ? 0 : 1) ? [{ type: "comment", events }] : [];
}
