import { redactDeep } from "../../core/redact.ts";
import { findOrCreate, readOrGone } from "../../github/own.ts";
import { hashOf, withPart } from "../../github/part.ts";
import type { Issue } from "../../github/tracker.ts";
import { type DueItem, forgetReportIssue, putReportIssue } from "../../store/report-issues.ts";
import type { ReportIssueRow } from "../../store/tables/report-issues.ts";
import {
  type ItemStep,
  type ItemView,
  itemAssignees,
  itemLabels,
  itemMarks,
  itemPart,
  itemTitle,
  planItem,
} from "./action-item.ts";
import type { ReportIssueOptions } from "./options.ts";

/** Makes the issue of an action item, or brings the two to the same. */
export async function syncItem(options: ReportIssueOptions, due: DueItem): Promise<void> {
  const { store, place, repository, tracker, clock, redact } = options;
  const { item, issue: known, incidentIssue } = due;
  const view: ItemView = { project: place.app, item: redactDeep(item, redact), incidentIssue };
  const issue = known ? await readOrGone(tracker, known.number) : await begin(options, view);
  if (!issue) {
    // Somebody deleted it: the next round makes another one, unless the item is done.
    if (known) await forgetReportIssue(store.db, known);
    return;
  }
  const part = itemPart(view);
  const textHash = hashOf(part);
  const row: ReportIssueRow = {
    ...{ ...place, subject: item.id, repository, number: issue.number, url: issue.html_url },
    ...{ textHash, lookedAt: new Date(clock.now()), settled: false },
  };
  if (!known) await putReportIssue(store.db, row);
  const edited = known ? known.textHash !== textHash : issue.body?.includes(part) !== true;
  const steps = planItem({ done: item.doneAt !== null, state: issue.state, edited });
  for (const step of steps) await carryOut(options, step, { issue, view, part });
  await putReportIssue(store.db, { ...row, settled: steps.includes("settle") });
}

async function begin({ tracker }: ReportIssueOptions, view: ItemView): Promise<Issue> {
  const labels = itemLabels(view);
  const [label] = labels;
  const issue = { title: itemTitle(view), body: itemPart(view), labels, assignees: itemAssignees(view) };
  return await findOrCreate(tracker, { label, mark: itemMarks(view).begin }, issue);
}

async function carryOut(
  { tracker, finishItem }: ReportIssueOptions,
  step: ItemStep,
  { issue, view, part }: { issue: Issue; view: ItemView; part: string },
): Promise<void> {
  const { number, title, body } = issue;
  if (step === "edit") await tracker.edit(number, { title, body: withPart(body, part, itemMarks(view)) });
  if (step === "close") await tracker.close(number, "completed");
  if (step === "finish") await finishItem(view.item.id, `github:#${number}`);
}
