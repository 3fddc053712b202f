import type { Incident } from "../../contract/incident.ts";
import { fenced, inert } from "../../core/markdown.ts";
import { plural } from "../../core/plural.ts";
import { clip } from "../../core/text.ts";
import type { FollowUp } from "../../store/report-issues.ts";
import { marksOf } from "./marks.ts";

const LONGEST_TITLE = 200;
const LOG_LINES = 30;
const LONGEST_LINE = 1_000;
const MOST_MEMBERS = 50;
const MOST_RUNBOOKS = 10;
/** GitHub takes 65,536 characters; the rest is for people. */
const LONGEST_TEXT = 60_000;
const LEAST_LOGS = 2_000;

/** What an issue shows. */
export interface View {
  project: string;
  incident: Incident;
  /** Incidents that it stands for. */
  members: readonly Incident[];
  /** Log lines go to private repositories only. */
  isPrivate: boolean;
  /** Where people find the dashboard. */
  baseUrl: string | null;
  /** What is left to do after it. */
  followUps: readonly FollowUp[];
  /** Number of the issue of the incident before it. */
  before: number | null;
}

/** `🚨 Production Incident: api answers 500` */
export function titleOf({ service, symptom }: Pick<Incident, "service" | "symptom">): string {
  return clip(`🚨 Production Incident: ${plain(service)} ${plain(symptom)}`, LONGEST_TITLE);
}

/** Titles are no Markdown, but call people all the same. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("@", "@\u200b");
}

/** Our part of the issue's text, between its marks. `others`: characters that people wrote around it. */
export function partOf(view: View, others = 0): string {
  const head = [...factsOf(view), ...tableOf(view), ...followUpsOf(view)];
  const tail = actionsOf(view);
  const about = [view.incident, ...view.members].filter(({ evidence }) => evidence !== null);
  const left = LONGEST_TEXT - others - [...head, ...tail].join("\n").length - 500;
  const each = Math.max(Math.floor(left / Math.max(about.length, 1)) - 300, 0);
  const details = about.flatMap((incident) => detailsOf(incident, view.isPrivate && each >= LEAST_LOGS ? each : 0));
  const { begin, end } = marksOf(view.project, view.incident);
  return [begin, ...head, ...details, ...tail, end].join("\n");
}

function factsOf({ incident, before }: View): string[] {
  const { severity, failedChecks, detectedAt, state, environment, occurrence, flags = [], times, cause } = incident;
  const names = failedChecks.map((id) =>
    inert(id.startsWith(`${environment}/`) ? id.slice(environment.length + 1) : id),
  );
  const also = [`occurrence ${occurrence}`, ...flags];
  return [
    `**Severity:** ${severity}`,
    `**Failed Checks:** ${names.join(", ") || "none"}`,
    `**Detected:** ${detectedAt}`,
    "",
    `**State:** ${state} in ${inert(environment)} (${also.join(", ")})`,
    ...(cause === undefined ? [] : [`**Last Change Before:** ${inert(cause)}`]),
    ...(times?.resolved ? [`**Resolved:** ${times.resolved}`] : []),
    ...(before === null ? [] : [`**Before:** #${before}`]),
    "",
  ];
}

function tableOf({ incident: { storm } }: View): string[] {
  if (!storm) return [];
  const rows = storm.members
    .slice(0, MOST_MEMBERS)
    .map(({ id, service, symptom, state }) => `| ${inert(service)} | ${inert(symptom)} | ${state} | ${inert(id)} |`);
  const more = storm.members.length - rows.length;
  return [
    `Stands for ${plural(storm.members.length, "incident")} (${inert(storm.cause)}):`,
    "",
    "| service | symptom | state | incident |",
    "|---|---|---|---|",
    ...rows,
    ...(more > 0 ? ["", `and ${more} more`] : []),
    "",
  ];
}

function followUpsOf({ followUps }: View): string[] {
  if (followUps.length === 0) return [];
  const rows = followUps.slice(0, MOST_MEMBERS).map(({ id, number, text, owner, due, doneAt }) => {
    const state = doneAt === null ? `open, due ${due}` : "done";
    return `- ${number === null ? inert(id) : `#${number}`} (${state}): ${inert(text)}, ${inert(owner)}`;
  });
  const more = followUps.length - rows.length;
  return ["### Action Items", "", ...rows, ...(more > 0 ? [`- and ${more} more`] : []), ""];
}

/** The last log lines, the newest of them where there is room for `room` characters; without room only how many are kept, and where. */
function detailsOf({ id, service, evidence, timeline }: Incident, room: number): string[] {
  const logs = (evidence?.logs ?? []).slice(-LOG_LINES).map((line) => clip(line, LONGEST_LINE));
  const shown = newest(logs, room);
  const seq = timeline.findLast(({ kind }) => kind === "evidence")?.seq;
  const kept = `${plural(logs.length, "log line")} kept as evidence ${id}${seq === undefined ? "" : `#${seq}`}`;
  const what = shown.length > 0 ? `last ${plural(shown.length, "log line")}` : plural(logs.length, "log line");
  const text = shown.length > 0 ? fenced(shown) : kept;
  return [`<details><summary>${inert(service)}: ${what}</summary>`, "", text, "", "</details>", ""];
}

/** The last lines that fit into so many characters. */
function newest(lines: readonly string[], room: number): string[] {
  let left = room;
  const first = lines.findLastIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return lines.slice(first + 1);
}

function actionsOf({ incident: { id, service, runbooks = [] }, baseUrl }: View): string[] {
  return [
    "### Actions",
    "",
    ...runbooks.slice(0, MOST_RUNBOOKS).map((address) => `- Runbook: ${address}`),
    ...(baseUrl === null ? [] : [`- Run: ${baseUrl}/incidents/${id}`, `- Dashboard: ${baseUrl}/`]),
    `- More logs: \`stationmaster logs ${service}\``,
    `- Timeline and evidence: \`stationmaster incidents ${id}\``,
    `- Take it: \`stationmaster ack ${id}\``,
  ];
}
