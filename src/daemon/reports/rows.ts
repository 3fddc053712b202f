import type { ActionItem, Drill } from "../../contract/report.ts";
import type { ActionItemRow, DrillRow } from "../../store/tables/reports.ts";

/** An action item as the doors show it, with the issue that shows it. */
export function toActionItem(row: ActionItemRow, issue?: ActionItem["issue"]): ActionItem {
  const { id, incidentId, text, owner, due, createdBy, createdAt, doneBy, doneAt } = row;
  return {
    ...{ id, incident: incidentId, text, owner, due, createdBy, doneBy },
    createdAt: createdAt.toISOString(),
    doneAt: doneAt?.toISOString() ?? null,
    ...(issue && { issue }),
  };
}

/** A drill as the doors show it. */
export function toDrill({ id, checkId, type, actor, begunAt, outcome, detectMs, pageMs, channel }: DrillRow): Drill {
  return { ...{ id, type, actor, outcome, detectMs, pageMs, channel }, check: checkId, at: begunAt.toISOString() };
}
