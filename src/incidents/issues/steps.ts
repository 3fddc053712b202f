import type { Incident } from "../../contract/incident.ts";
import { toKnownError } from "../../core/errors.ts";
import type { IncidentIssueRow } from "../../store/tables/issues.ts";
import { closedByHand, commentOf } from "./comment.ts";
import { putMirror } from "./mirror.ts";
import type { SyncOptions } from "./options.ts";
import { MOST_COMMENTS, type Step } from "./plan.ts";

interface Scene {
  options: SyncOptions;
  incident: Incident;
  /** As it should be. */
  text: { title: string; body: string };
}

/** Does one step and answers what is remembered afterwards. */
export async function carryOut(scene: Scene, step: Step, row: IncidentIssueRow): Promise<IncidentIssueRow> {
  const { options, incident, text } = scene;
  const { tracker, store, clock } = options;
  const { number } = row;
  const keep = async (change: Partial<IncidentIssueRow>): Promise<IncidentIssueRow> => {
    const next = { ...row, ...change };
    await putMirror(store.db, next);
    return next;
  };
  const now = () => new Date(clock.now());
  switch (step.type) {
    case "freeze":
      await options.incidents.setFrozen(incident.id, step.frozen, `github:#${number}`);
      return await keep({ frozen: step.frozen });
    case "reopen":
      await tracker.reopen(number);
      return await keep({ closedBy: null });
    case "edit":
      await tracker.edit(number, text);
      return await keep({ textHash: step.hash, textAt: now() });
    case "label":
      if (step.add.length > 0) await tracker.addLabels(number, step.add);
      for (const label of step.remove) await tracker.removeLabel(number, label);
      return row;
    case "dispatch":
      return await callAgent(scene, row, keep);
    case "comment": {
      const seq = step.events.at(-1)?.seq ?? row.told;
      await keep({ pending: seq });
      await tracker.comment(number, commentOf(incident, step.events));
      return await keep({ pending: null, told: seq, comments: row.comments + 1, commentedAt: now() });
    }
    case "object": {
      // Put down first: it is said once, or not at all.
      const isSaid = row.comments < MOST_COMMENTS - 1;
      const next = await keep({ closedBy: "person", comments: row.comments + (isSaid ? 1 : 0) });
      if (isSaid) await tracker.comment(number, closedByHand(incident));
      return next;
    }
    case "close":
      await tracker.close(number, "completed");
      return await keep({ closedBy: "us" });
    case "note":
      return await keep({ closedBy: step.closedBy });
  }
}

/** Once: what was refused, or may have arrived, is not sent again; what a limit held back was not sent. */
async function callAgent(
  { options: { tracker, settings }, incident }: Scene,
  row: IncidentIssueRow,
  keep: (change: Partial<IncidentIssueRow>) => Promise<IncidentIssueRow>,
): Promise<IncidentIssueRow> {
  const { id, severity, service, environment } = incident;
  const called = await keep({ dispatched: true });
  const payload = { incident: id, severity, service, environment, issue: row.number, url: row.url };
  try {
    await tracker.dispatch(settings.dispatch ?? "", payload);
    return called;
  } catch (error) {
    if (toKnownError(error).code === "SM-GITHUB-LIMIT") await keep({ dispatched: false });
    throw error;
  }
}
