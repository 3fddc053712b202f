import type { Incident, IncidentEvent } from "../../contract/incident.ts";
import { formatDuration } from "../../core/duration.ts";
import { fenced } from "../../core/markdown.ts";
import { clip } from "../../core/text.ts";
import { utcSecond } from "../../core/when.ts";
import { eventMark } from "./marks.ts";

const MOST_LINES = 40;
const LONGEST_LINE = 1_000;

/** What is told at once, in words for the first line of its comment; all else waits for the next one. */
const NEWS: Record<string, string> = {
  severity: "Severity changed",
  storm: "More fails with it",
  flapping: "Fails and passes in turn",
  proposed: "A plan waits for approval",
  approved: "Plan approved",
  declined: "Plan declined",
  action: "Healing begins",
  acted: "Healing done",
  failed: "Healing did not help",
  proven: "Healing holds",
  ordered: "A person acts",
  escalated: "A person is needed",
  frozen: "Healing stopped",
  unfrozen: "Healing allowed again",
  "failed-again": "Failed again",
  recovering: "Recovering",
  reopened: "Reopened",
  resolved: "Resolved",
};

export function isNews({ kind }: Pick<IncidentEvent, "kind">): boolean {
  return Object.hasOwn(NEWS, kind);
}

/** The text of a comment on these events, oldest first; there is at least one. */
export function commentOf(incident: Incident, events: readonly IncidentEvent[]): string {
  const last = events.findLast(isNews);
  const lines = events
    .slice(-MOST_LINES)
    .map(({ at, text }) => clip(`${utcSecond(at)}  ${oneLine(text)}`, LONGEST_LINE));
  return [
    `**${NEWS[last?.kind ?? ""] ?? "Still open"}** · ${incident.severity} · ${incident.state}`,
    "",
    fenced(lines),
    ...(last?.kind === "proposed" ? ["", `Approve it with \`stationmaster approve ${incident.id}\`.`] : []),
    ...(last?.kind === "resolved" ? ["", ...timesOf(incident)] : []),
    "",
    eventMark(incident, events.at(-1)?.seq ?? 0),
  ].join("\n");
}

/** What is said once where a person closed the issue of an incident that goes on. */
export function closedByHand({ id, state }: Pick<Incident, "id" | "state">): string {
  return [
    `This issue was closed by hand, but the incident is ${state}: that ends when its checks have passed for a while. The issue stays closed meanwhile.`,
    "",
    `A person who has it says so with \`stationmaster ack ${id}\`.`,
  ].join("\n");
}

function timesOf({ times }: Incident): string[] {
  if (!times) return [];
  const { onset, detected, acknowledged, mitigated, resolved } = times;
  const named = { onset, detected, acknowledged, mitigated, resolved };
  return [
    "| | time | after onset |",
    "|---|---|---|",
    ...Object.entries(named).flatMap(([name, at]) =>
      at === null
        ? []
        : [`| ${name} | ${utcSecond(at)} | ${formatDuration(Math.max(Date.parse(at) - Date.parse(onset), 0))} |`],
    ),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
