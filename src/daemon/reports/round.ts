import { dailyLine } from "../../audit/daily.ts";
import { type Due, dueReports } from "../../audit/due.ts";
import { rendered } from "../../audit/render.ts";
import { auditedSpan } from "../../audit/week.ts";
import { auditLine } from "../../audit/weekly.ts";
import type { AuditReport, DailyReport } from "../../contract/report.ts";
import { redactDeep } from "../../core/redact.ts";
import { putDown } from "../../notify/enqueue.ts";
import type { Message } from "../../notify/message.ts";
import { sql } from "../../store/drizzle.ts";
import { findReport, insertReport } from "../../store/reports.ts";
import { channelConfigs } from "../channels.ts";
import type { Engine } from "../engine.ts";
import { gatherAudit } from "./audit.ts";
import { gatherDaily } from "./daily.ts";
import type { Sources } from "./sources.ts";

/**
 * Makes each report that was due last and is not there, stores it and puts it down for its channels; late rather than never, and once
 * however often it is called. What was due before the first rollout there is nothing to say about.
 */
export async function keepReports(sources: Sources): Promise<void> {
  const { manifest, clock } = sources.engine;
  for (const due of dueReports({ dailyAt: manifest.reports.daily?.at }, clock.now())) await makeOnce(sources, due);
}

async function makeOnce(sources: Sources, due: Due): Promise<void> {
  const { engine } = sources;
  const { store, manifest, environment, clock, redact } = engine;
  const { kind, period } = due;
  const place = { app: manifest.project, environment };
  if ((await findReport(store.db, { ...place, kind, period })) || !(await hadBegun(engine, due.at))) return;
  const data = redactDeep(
    kind === "audit" ? await gatherAudit(sources, period, auditedSpan(due.at)) : await gatherDaily(sources),
    redact,
  );
  await store.db.transaction(async (tx) => {
    const madeAt = new Date(clock.now());
    if (!(await insertReport(tx, { ...place, kind, period, madeAt, data }))) return;
    const channels = Object.keys(channelConfigs(engine));
    const options = { app: place.app, clock, channels, escalate: manifest.escalate };
    await putDown(tx, messageOf(engine, { period, data }), manifest.reports[kind]?.to ?? [], options);
  });
}

async function hadBegun({ store, manifest, environment }: Engine, at: number): Promise<boolean> {
  const { rows } = await store.db.execute(sql`
    SELECT FROM rollout WHERE app = ${manifest.project} AND env = ${environment}
      AND started_at < ${new Date(at).toISOString()}::timestamptz LIMIT 1`);
  return rows.length > 0;
}

/** A report as a message that calls nobody. */
function messageOf(
  { manifest, environment, clock }: Engine,
  { period, data }: { period: string; data: AuditReport | DailyReport },
): Message {
  const at = new Date(clock.now()).toISOString();
  const id = `${data.kind}:${manifest.project}/${environment}:${period}`;
  const text = data.kind === "audit" ? auditLine(data) : dailyLine(data);
  return {
    ...{ version: 1, kind: "report", event: 1, at, project: manifest.project, environment, text },
    incident: {
      ...{ id, key: `${data.kind}:${period}`, state: "closed", severity: "SEV3", service: "monitoring", symptom: text },
      ...{ since: at, failedChecks: [], occurrence: 1, acknowledged: false },
    },
    doing: "watching as usual",
    todo: data.kind === "audit" ? `read it: stationmaster report audit --week ${period}` : "read it",
    links: [],
    body: rendered(data).markdown,
  };
}
