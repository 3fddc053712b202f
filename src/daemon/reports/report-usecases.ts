import { readExplained } from "../../audit/explained.ts";
import { incidentReport, spanOf } from "../../audit/incident-report.ts";
import { auditSubject } from "../../audit/issues/audit.ts";
import { postMortem } from "../../audit/post-mortem.ts";
import { rendered } from "../../audit/render.ts";
import { isoWeek } from "../../audit/week.ts";
import type { Incident } from "../../contract/incident.ts";
import { AuditReport, DailyReport, type ReportData, type ReportQuery } from "../../contract/report.ts";
import { UserError } from "../../core/errors.ts";
import { redactDeep } from "../../core/redact.ts";
import { isReviewDue } from "../../incidents/ending.ts";
import type { Outbox } from "../../notify/outbox.ts";
import { listReportIssues } from "../../store/report-issues.ts";
import { findReport, listReports } from "../../store/reports.ts";
import type { Watch } from "../../watch/watch.ts";
import type { Engine } from "../engine.ts";
import type { UseCases } from "../usecases.ts";
import { actionItemUseCases } from "./action-items.ts";
import { gatherAudit } from "./audit.ts";
import { gatherDaily } from "./daily.ts";
import { holdDrill } from "./drill.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
/** A year and more of both kinds. */
const MOST_LISTED = 500;

type ReportDoors = Pick<
  UseCases,
  "report" | "reports" | "actionItems" | "addActionItem" | "finishActionItem" | "drill"
>;

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

  const items = actionItemUseCases(engine, ask);

  async function gather(query: ReportQuery): Promise<ReportData> {
    const now = clock.now();
    if (query.kind === "daily" && query.day !== undefined)
      return DailyReport.parse(await stored({ kind: "daily", period: query.day }));
    if (query.kind === "daily") return await gatherDaily(sources());
    if (query.kind === "healing")
      return { kind: "healing", days: query.days, figures: await ask().healingFigures(query.days) };
    if (query.kind === "audit") {
      if (query.week !== undefined) return AuditReport.parse(await stored({ kind: "audit", period: query.week }));
      return await gatherAudit(sources(), isoWeek(now), { from: now - WEEK_MS, until: now });
    }
    const incident = await ask().incident(query.id);
    const actionItems = await items.actionItems(incident.id);
    if (query.kind === "incident") return incidentReport(incident, actionItems, now);
    const link = url() && `${url()}/incidents/${incident.id}`;
    const { onset, end } = spanOf(incident);
    const explained = await readExplained(store.db, place, { id: incident.id, from: onset, until: end ?? now });
    return postMortem(incident, { actionItems, explained, due: isPostMortemDue(incident), link, now });
  }

  async function stored({ kind, period }: { kind: "daily" | "audit"; period: string }) {
    const data = await findReport(store.db, { ...place, kind, period });
    if (data) return data;
    throw new UserError({
      code: "SM-REPORT-UNKNOWN",
      message: `there is no ${kind} report of ${period}`,
      next: "stationmaster report list names those that are kept; without a day or a week it is made now",
    });
  }

  return {
    report: async (query) => rendered(redactDeep(await gather(query), engine.redact)),
    reports: async () => {
      const rows = await listReports(store.db, { ...place, most: MOST_LISTED });
      const subjects = rows.filter(({ kind }) => kind === "audit").map(({ period }) => auditSubject(period));
      const issues = await listReportIssues(store.db, place, subjects);
      return rows.map(({ kind, period, madeAt }) => {
        const issue = kind === "audit" ? issues.get(auditSubject(period)) : undefined;
        return { ...{ kind, period, madeAt: madeAt.toISOString() }, ...(issue && { issue }) };
      });
    },
    ...items,
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
