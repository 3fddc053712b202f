import type { Incident, Severity } from "../../contract/incident.ts";
import { isAway } from "../../core/errors.ts";
import { redactDeep } from "../../core/redact.ts";
import { readOrGone } from "../../github/own.ts";
import { withPart } from "../../github/part.ts";
import { createRetries } from "../../github/retries.ts";
import { listFollowUps } from "../../store/report-issues.ts";
import type { IncidentIssueRow } from "../../store/tables/issues.ts";
import { begin, type Found, keepLowest, toldIn } from "./begin.ts";
import { partOf, titleOf, type View } from "./body.ts";
import { marksOf } from "./marks.ts";
import { dueIncidents, findMirror, forgetMirror, putMirror, shownEvents } from "./mirror.ts";
import type { SyncOptions } from "./options.ts";
import { plan } from "./plan.ts";
import { carryOut } from "./steps.ts";

const MOST_AT_ONCE = 10;
const LOOKED_AT = 50;
const MOST_MEMBERS = 10;
/** Those that a code agent is called for. */
const CALLING: readonly Severity[] = ["SEV1", "SEV2"];

/** Answers what makes the issues show their incidents; call it every few seconds. What fails is tried again later, and told to `report`. */
export function createIssueSync(options: SyncOptions): () => Promise<void> {
  const { store, place, settings, tracker, clock, signal } = options;
  const retries = createRetries(options);
  return async () => {
    const { severities } = settings;
    const due = await dueIncidents(store.db, place, {
      repository: options.repository,
      severities,
      now: clock.now(),
      except: retries.waiting(),
      most: LOOKED_AT,
    });
    retries.keep(due);
    let isPrivate: boolean | undefined;
    for (const id of due.slice(0, MOST_AT_ONCE)) {
      try {
        isPrivate ??= (await tracker.repository()).private;
        await syncOne(options, id, isPrivate);
        retries.succeeded(id);
      } catch (error) {
        if (signal.aborted) return;
        retries.failed(id, error);
        // The others would hear the same.
        if (isAway(error)) return;
      }
    }
  };
}

async function syncOne(options: SyncOptions, id: string, isPrivate: boolean): Promise<void> {
  const { store, incidents, repository, clock, redact } = options;
  const read = await incidents.get(id);
  if (!read) return;
  const incident = redactDeep(read, redact);
  const view = await viewOf(options, incident, isPrivate);
  const known = await findMirror(store.db, id, repository);
  const found = known ? await lookAt(options, incident, known) : await begin(options, incident, partOf(view));
  if (!found) return;
  const row = await settlePending(options, found.row);
  const { issue } = found;
  const marks = marksOf(view.project, incident);
  const part = partOf(view, withPart(issue.body, "", marks).length);
  const text = { title: titleOf(incident), body: withPart(issue.body, part, marks) };
  const steps = plan({
    ...{ incident, seen: issue, text: `${text.title}\n${part}`, now: clock.now() },
    mirror: { ...row, commentedAt: row.commentedAt.getTime(), textAt: row.textAt.getTime() },
    dispatches: options.settings.dispatch === undefined ? [] : CALLING,
  });
  let latest = row;
  for (const step of steps) latest = await carryOut({ options, incident, text }, step, latest);
  const events = shownEvents(incident.timeline.at(-1)?.seq ?? 0, view.followUps);
  await putMirror(store.db, { ...latest, events, lookedAt: new Date(clock.now()) });
}

/** Undefined where somebody deleted it: the next pass makes another one. */
async function lookAt(options: SyncOptions, incident: Incident, row: IncidentIssueRow): Promise<Found | undefined> {
  const issue = await readOrGone(options.tracker, row.number);
  if (issue) return await keepLowest(options, incident, { row, issue });
  await forgetMirror(options.store.db, row.incidentId);
  return undefined;
}

async function viewOf(
  { incidents, store, repository, place, baseUrl, redact }: SyncOptions,
  incident: Incident,
  isPrivate: boolean,
): Promise<View> {
  const members = (incident.storm?.members ?? []).slice(0, MOST_MEMBERS);
  const found = await Promise.all(members.map(({ id }) => incidents.get(id)));
  const before =
    incident.previous === undefined ? undefined : await findMirror(store.db, incident.previous, repository);
  const followUps = await listFollowUps(store.db, { ...place, repository, incidentId: incident.id });
  return {
    followUps: redactDeep(followUps, redact),
    ...{ project: place.app, incident, baseUrl: baseUrl(), before: before?.number ?? null },
    members: found.filter((member) => member !== null).map((member) => redactDeep(member, redact)),
    isPrivate,
  };
}

/** Whether the comment that was being written when something went wrong is there. */
async function settlePending({ store, tracker }: SyncOptions, row: IncidentIssueRow): Promise<IncidentIssueRow> {
  const { pending } = row;
  if (pending === null) return row;
  const comments = await tracker.myComments(row.number);
  const isThere = comments.some((text) => toldIn(text, row.incidentId) === pending);
  const settled = { ...row, pending: null, ...(isThere ? { told: pending, comments: row.comments + 1 } : {}) };
  await putMirror(store.db, settled);
  return settled;
}
