import { incidentReport } from "../../audit/incident-report.ts";
import { postMortem } from "../../audit/post-mortem.ts";
import { rendered } from "../../audit/render.ts";
import { isoWeek } from "../../audit/week.ts";
import type { Incident } from "../../contract/incident.ts";
import { AuditReport, type ReportData, type ReportQuery } from "../../contract/report.ts";
import { UserError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { isReviewDue } from "../../incidents/ending.ts";
import type { Outbox } from "../../notify/outbox.ts";
import { finishActionItem, insertActionItem, listActionItems } from "../../store/action-items.ts";
import { findReport } from "../../store/reports.ts";
import type { Watch } from "../../watch/watch.ts";
import type { Engine } from "../engine.ts";
import type { UseCases } from "../usecases.ts";
import { gatherAudit } from "./audit.ts";
import { gatherDaily } from "./daily.ts";
import { holdDrill } from "./drill.ts";
import { toActionItem } from "./rows.ts";

const WEEK_MS = 7 * 24 * 3_600_000;

type ReportDoors = Pick<UseCases, "report" | "actionItems" | "addActionItem" | "finishActionItem" | "drill">;

interface Rooms {
  watch: Watch;
  /** Undefined where nothing is sent. */
  outbox: Outbox | undefined;
  /** Where people find the dashboard. */
  url(): string | null;
  /** All other doors. */
  ask(): UseCases;
}

/** Reports, what is left to do after incidents, and fire drills. */
export function reportUseCases(engine: Engine, { watch, outbox, url, ask }: Rooms): ReportDoors {
  const { store, environment, clock } = engine;
  const place = { app: engine.manifest.project, environment };
  const sources = () => ({ engine, watch, ask: ask() });

  const itemsOf = async (incidentId?: string) =>
    (await listActionItems(store.db, { ...place, incidentId })).map(toActionItem);

  async function gather(query: ReportQuery): Promise<ReportData> {
    const now = clock.now();
    if (query.kind === "daily") return await gatherDaily(sources());
    if (query.kind === "healing")
      return { kind: "healing", days: query.days, figures: await ask().healingFigures(query.days) };
    if (query.kind === "audit") {
      if (query.week !== undefined) return await storedAudit(query.week);
      return await gatherAudit(sources(), isoWeek(now), { from: now - WEEK_MS, until: now });
    }
    const incident = await ask().incident(query.id);
    const actionItems = await itemsOf(incident.id);
    if (query.kind === "incident") return incidentReport(incident, actionItems, now);
    const link = url() && `${url()}/incidents/${incident.id}`;
    return postMortem(incident, { actionItems, due: isPostMortemDue(incident), link, now });
  }

  async function storedAudit(week: string): Promise<AuditReport> {
    const data = await findReport(store.db, { ...place, kind: "audit", period: week });
    if (data) return AuditReport.parse(data);
    throw new UserError({
      code: "SM-REPORT-UNKNOWN",
      message: `there is no audit of ${week}`,
      next: "without --week the audit of the last 7 days is made now",
    });
  }

  return {
    report: async (query) => rendered(await gather(query)),
    actionItems: itemsOf,
    addActionItem: async (incident, { text, owner, due }, actor) => {
      const { id: incidentId } = await ask().incident(incident);
      const now = clock.now();
      const id = newId("act", now);
      const row = { ...place, id, incidentId, owner, due, createdBy: actor, createdAt: new Date(now) };
      const said = engine.redact(text);
      await insertActionItem(store.db, { ...row, text: said });
      await engine.audit({
        actor,
        action: "action-item.added",
        subject: incidentId,
        detail: { id, text: said, owner, due },
      });
      engine.bus.emit({ type: "incident", id: incidentId });
      return toActionItem({ ...row, text: said, doneBy: null, doneAt: null });
    },
    finishActionItem: async (id, actor) => {
      const done = await finishActionItem(store.db, {
        app: place.app,
        id,
        doneBy: actor,
        doneAt: new Date(clock.now()),
      });
      if (!done)
        throw new UserError({
          code: "SM-ACTION-UNKNOWN",
          message: `there is no action item ${id} that is left to do`,
          next: "see stationmaster incidents action list",
        });
      await engine.audit({ actor, action: "action-item.done", subject: done.incidentId, detail: { id } });
      engine.bus.emit({ type: "incident", id: done.incidentId });
      return toActionItem(done);
    },
    drill: (check, actor) => holdDrill(engine, { check, actor, outbox }),
  };
}

function isPostMortemDue({ severity, flags = [], times, detectedAt, resolvedAt }: Incident): boolean {
  const ms = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null);
  return isReviewDue({
    ...{ severity, recurring: flags.includes("recurring") },
    onset: Date.parse(times?.onset ?? detectedAt),
    ...{ mitigatedAt: ms(times?.mitigated), resolvedAt: ms(resolvedAt) },
  });
}
