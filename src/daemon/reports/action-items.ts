import type { ActionItem, ActionItemRequest } from "../../contract/report.ts";
import { UserError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { finishActionItem, insertActionItem, listActionItems } from "../../store/action-items.ts";
import type { Queryable } from "../../store/connect.ts";
import { listReportIssues } from "../../store/report-issues.ts";
import type { ActionItemRow } from "../../store/tables/reports.ts";
import type { Engine } from "../engine.ts";
import type { UseCases } from "../usecases.ts";
import { toActionItem } from "./rows.ts";

/** What is left to do after incidents: listed, added, done. */
export function actionItemUseCases(
  engine: Engine,
  ask: () => Pick<UseCases, "incident">,
): Pick<UseCases, "actionItems" | "addActionItem" | "finishActionItem"> {
  const { store, clock } = engine;
  const place = { app: engine.manifest.project, environment: engine.environment };

  return {
    actionItems: (incidentId) => readActionItems(store.db, { ...place, incidentId }),
    addActionItem: async (incident, { text, owner, due }: ActionItemRequest, actor) => {
      const { id: incidentId } = await ask().incident(incident);
      const now = clock.now();
      const id = newId("act", now);
      const said = engine.redact(text);
      const row = { ...place, id, incidentId, owner, due, createdBy: actor, createdAt: new Date(now), text: said };
      await insertActionItem(store.db, row);
      const detail = { id, text: said, owner, due };
      await engine.audit({ actor, action: "action-item.added", subject: incidentId, detail });
      engine.bus.emit({ type: "incident", id: incidentId });
      return toActionItem({ ...row, doneBy: null, doneAt: null });
    },
    finishActionItem: async (id, actor) => {
      const done = await finishItem(engine, id, actor);
      if (!done)
        throw new UserError({
          code: "SM-ACTION-UNKNOWN",
          message: `there is no action item ${id} that is left to do`,
          next: "see stationmaster incidents action list",
        });
      const issues = await listReportIssues(store.db, place, [id]);
      return toActionItem(done, issues.get(id));
    },
  };
}

/** Action items with their issues. */
export async function readActionItems(
  db: Queryable,
  wanted: Parameters<typeof listActionItems>[1],
): Promise<ActionItem[]> {
  const rows = await listActionItems(db, wanted);
  const subjects = rows.map(({ id }) => id);
  const issues = await listReportIssues(db, wanted, subjects);
  return rows.map((row) => toActionItem(row, issues.get(row.id)));
}

/** Says that an action item is done; undefined where there is none that is left to do. */
export async function finishItem(
  { store, manifest, clock, audit, bus }: Engine,
  id: string,
  actor: string,
): Promise<ActionItemRow | undefined> {
  const done = await finishActionItem(store.db, {
    ...{ app: manifest.project, id, doneBy: actor },
    doneAt: new Date(clock.now()),
  });
  if (!done) return undefined;
  await audit({ actor, action: "action-item.done", subject: done.incidentId, detail: { id } });
  bus.emit({ type: "incident", id: done.incidentId });
  return done;
}
