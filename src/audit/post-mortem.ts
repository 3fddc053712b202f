import { figureTexts } from "../contract/fact.ts";
import { Evidence, type Incident, isOver } from "../contract/incident.ts";
import type { ActionItem, PostMortem } from "../contract/report.ts";
import { clip } from "../core/text.ts";
import { utcSecond } from "../core/when.ts";
import { actionItemLine } from "./action-items.ts";
import { closingNote, failingMs, spanOf } from "./incident-report.ts";
import { field, inline, section } from "./markdown.ts";

interface Sources {
  actionItems: readonly ActionItem[];
  /** Other incidents that it explains. */
  explained: PostMortem["stoodFor"];
  /** Whether one has to be written. */
  due: boolean;
  /** Where the incident is shown. */
  link: string | null;
  /** Epoch ms. */
  now: number;
}

/** Everything that is on record of an incident, for those who write its post-mortem. */
export function postMortem(incident: Incident, { actionItems, explained, due, link, now }: Sources): PostMortem {
  const {
    id,
    service,
    symptom,
    severity,
    previous = null,
    timeline,
    evidence,
    storm,
    actions,
    notifications,
  } = incident;
  const { onset } = spanOf(incident);
  const members = storm?.members ?? [];
  const kept = timeline.filter(({ kind }) => kind === "evidence");
  const isMember = (other: string) => members.some((member) => member.id === other);
  return {
    ...{ kind: "postmortem", id, due, service, symptom, severity, previous, link },
    impactMinutes: Math.round(failingMs(incident, now) / 60_000),
    over: isOver(incident.state),
    timeline: timeline.map(({ at, kind, text }) => ({ at, kind, text })),
    evidence: kept.map(({ seq }) => `${id}#${seq}`),
    found: kept.flatMap(({ seq, data }) => {
      const found = Evidence.safeParse(data).data;
      return found ? [{ ...found, evidence: `${id}#${seq}` }] : [];
    }),
    ...{ stoodFor: [...members, ...explained.filter(({ id: other }) => !isMember(other))] },
    tried: actions,
    called: notifications
      .filter(({ state }) => state !== "skipped")
      .map(({ createdAt, channel, kind, deliveredAt, state }) => ({
        ...{ at: createdAt, channel, deliveredAt, state },
        what: kind,
      })),
    changes: (evidence?.changes ?? []).filter(({ at }) => Date.parse(at) <= onset),
    closing: closingNote(incident),
    actionItems: [...actionItems],
  };
}

const LONGEST_LINE = 1_000;
const PERSON = "_to be written by a person_";

/** The draft: what is on record, and headings for what only people know. */
export function postMortemMarkdown(draft: PostMortem): string {
  const { id, service, symptom, severity, previous, impactMinutes, over, link, closing } = draft;
  return [
    `## Post-mortem (draft) - ${id}`,
    "",
    field("Incident", `${severity} ${inline(service)}: ${inline(symptom)}`),
    field("Impact", `${impactMinutes} min${over ? "" : " so far"}; users: not known`),
    field("Required", draft.due ? "yes" : "no"),
    ...(previous === null ? [] : [field("Before it", previous)]),
    ...(link === null ? [] : [field("Shown at", link)]),
    ...section(
      "Timeline",
      draft.timeline.map(({ at, kind, text }) => `- ${utcSecond(at)} ${kind}: ${inline(text)}`),
    ),
    ...section("Evidence", [
      ...draft.evidence.flatMap((name) => [
        `- ${name}`,
        ...draft.found.filter(({ evidence }) => evidence === name).flatMap(foundLines),
      ]),
    ]),
    ...section(
      "Incidents it stood for",
      draft.stoodFor.map((part) => `- ${part.id} ${inline(part.service)}: ${inline(part.symptom)} (${part.state})`),
    ),
    ...section(
      "Actions tried",
      draft.tried.map(
        ({ at, remedy, outcome, detail }) =>
          `- ${utcSecond(at)} ${remedy}: ${outcome}${detail === null ? "" : ` (${inline(detail)})`}`,
      ),
    ),
    ...section("Who was called", draft.called.map(calledLine), "nobody"),
    ...section(
      "Change candidates",
      draft.changes.map(({ at, text }) => `- ${utcSecond(at)} ${inline(text)}`),
      "no change before it is on record",
    ),
    ...section("Causes", closing === null ? [] : [inline(closing)], PERSON),
    ...section("Prevention", [], PERSON),
    ...section(
      "Action items",
      draft.actionItems.map((item) => `- [${item.doneAt === null ? " " : "x"}] ${inline(actionItemLine(item))}`),
      `none; stationmaster incidents action add ${id} --text TEXT --owner NAME --due DAY`,
    ),
  ].join("\n");
}

function calledLine({ at, channel, what, deliveredAt, state }: PostMortem["called"][number]): string {
  const end = deliveredAt === null ? `not delivered (${state})` : `delivered ${utcSecond(deliveredAt)}`;
  return `- ${utcSecond(at)} ${inline(channel)}, ${what}: ${end}`;
}

function foundLines({ metrics, processes = [], logs, missing }: Evidence): string[] {
  return [
    ...figureTexts(metrics).map(([label, text]) => `  - ${inline(label)}: ${inline(text ?? "not known")}`),
    ...processes.map((line) => `  - process: ${inline(line)}`),
    ...logs.map((line) => `  - log: ${inline(clip(line, LONGEST_LINE))}`),
    ...missing.map((what) => `  - missing: ${inline(what)}`),
  ];
}
