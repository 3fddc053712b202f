import type { Incident } from "../../contract/incident.ts";
import { closeDuplicate, createAssigned, findOwn } from "../../github/own.ts";
import { hashOf } from "../../github/part.ts";
import type { Issue } from "../../github/tracker.ts";
import type { IncidentIssueRow } from "../../store/tables/issues.ts";
import { titleOf } from "./body.ts";
import { keyLabel, labelsOf, marksOf } from "./marks.ts";
import { putMirror, takenNumbers } from "./mirror.ts";
import type { SyncOptions } from "./options.ts";
import { toldByText } from "./plan.ts";

/** For so long after an issue was made another daemon may have made one in the same moment: until a look that went well is this late. */
const RIVAL_MS = 5 * 60_000;

/** An incident's issue, and what is remembered of it. */
export interface Found {
  row: IncidentIssueRow;
  issue: Issue;
}

/** Takes up the issue that this account has for the incident, or makes one. `part`: our part of its text. */
export async function begin(options: SyncOptions, incident: Incident, part: string): Promise<Found> {
  const { store, tracker, settings } = options;
  const [open] = await openIssues(options, incident);
  if (open) return await adopt(options, incident, open);
  const title = titleOf(incident);
  const text = { title, body: part, labels: labelsOf(incident) };
  const issue = await createAssigned(tracker, { ...text, assignees: settings.assignees });
  const row = rowOf(options, incident, issue, {
    textHash: hashOf(`${title}\n${part}`),
    told: toldByText(incident.timeline),
  });
  await putMirror(store.db, row);
  return await keepLowest(options, incident, { row, issue });
}

/** Where two daemons made one each, the older stays and the one of this daemon is closed. */
export async function keepLowest(options: SyncOptions, incident: Incident, found: Found): Promise<Found> {
  const { tracker } = options;
  const { row, issue } = found;
  if (row.lookedAt.getTime() - row.createdAt.getTime() > RIVAL_MS) return found;
  const [lowest] = await openIssues(options, incident);
  if (!lowest || lowest.number >= issue.number) return found;
  await closeDuplicate(tracker, issue.number, lowest.number);
  return await adopt(options, incident, lowest);
}

/** Open issues of this key that are ours and no other incident's, the oldest first. */
async function openIssues({ store, tracker, place, repository }: SyncOptions, incident: Incident): Promise<Issue[]> {
  const name = { label: keyLabel(incident), mark: marksOf(place.app, incident).begin };
  const open = (await findOwn(tracker, name)).filter(({ state }) => state === "open");
  const taken = await takenNumbers(
    store.db,
    { incidentId: incident.id, repository },
    open.map(({ number }) => number),
  );
  return open.filter(({ number }) => !taken.includes(number));
}

/** One that was made before: by us before a crash, or by another daemon. Its comments say what it was told. */
async function adopt(options: SyncOptions, incident: Incident, issue: Issue): Promise<Found> {
  const { store, tracker } = options;
  const comments = await tracker.myComments(issue.number);
  const told = Math.max(toldByText(incident.timeline), ...comments.map((text) => toldIn(text, incident.id)));
  const row = rowOf(options, incident, issue, { told, textHash: "" });
  const isOwn = issue.body?.includes(incident.id) === true;
  await putMirror(store.db, { ...row, comments: comments.length, dispatched: !isOwn });
  return { row: { ...row, comments: comments.length, dispatched: !isOwn }, issue };
}

/** The event that a comment of ours tells of; 0 where it is none. */
export function toldIn(comment: string, incidentId: string): number {
  const mark = /<!-- stationmaster:event incident=(\S+) seq=(\d+) -->\s*$/.exec(comment);
  return mark?.[1] === incidentId ? Number(mark[2]) : 0;
}

function rowOf(
  { place: { app }, repository, clock }: SyncOptions,
  incident: Incident,
  { number, html_url: url }: Issue,
  known: Pick<IncidentIssueRow, "told" | "textHash">,
): IncidentIssueRow {
  const now = new Date(clock.now());
  return {
    ...{ incidentId: incident.id, app, repository, number, url, ...known },
    ...{ createdAt: now, lookedAt: new Date(0), commentedAt: now, textAt: known.textHash === "" ? new Date(0) : now },
    ...{ events: 0, pending: null, comments: 0, closedBy: null, frozen: false, dispatched: false },
  };
}
