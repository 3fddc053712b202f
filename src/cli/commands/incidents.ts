import type { Incident } from "../../contract/incident.ts";
import { plural } from "../../core/plural.ts";
import { evidenceLines } from "../evidence-lines.ts";
import { incidentTable, noneOpen } from "../incident-table.ts";
import { toldLines } from "../notification-table.ts";
import { localTime, print, printJson, state } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

const MOST = 50;

export async function run(options: GlobalOptions & { all?: boolean; review?: boolean }, id?: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    if (id !== undefined) {
      const incident = await usecases.incident(id);
      if (options.json) printJson(incident);
      else print(renderIncident(incident));
      return;
    }
    const which = options.review ? "review" : options.all ? "all" : "open";
    const incidents = await usecases.incidents({ state: which, limit: MOST });
    if (options.json) return printJson({ incidents });
    if (incidents.length > 0) return print(incidentTable(incidents));
    if (options.review) return print("no review is due");
    const [last] = options.all ? [] : await usecases.incidents({ state: "all", limit: 1 });
    print(options.all ? "no incident" : noneOpen(last));
  });
}

/** An incident for people: head, timeline, evidence. */
function renderIncident(incident: Incident): string {
  const { evidence, notifications } = incident;
  return [
    `${incident.id}  ${state(incident.severity)} ${state(incident.state)}  ${incident.service}: ${incident.symptom}${incident.acknowledged ? "  (acknowledged)" : ""}`,
    `failed checks: ${incident.failedChecks.join(", ") || "–"} · ${restartsLeft(incident)}occurrence ${incident.occurrence}`,
    ...(incident.times?.sinceAbout ? [`began about ${localTime(incident.times.sinceAbout)}`] : []),
    `detected ${localTime(incident.detectedAt)}${incident.resolvedAt ? ` · resolved ${localTime(incident.resolvedAt)}` : ""}`,
    ...aboutLines(incident),
    "",
    ...incident.timeline.map(({ at, kind, text }) => `${localTime(at)}  ${kind.padEnd(12)} ${text}`),
    ...(notifications.length > 0 ? ["", "told:", ...toldLines(notifications)] : []),
    ...(evidence ? ["", "evidence:", ...evidenceLines(evidence)] : []),
  ].join("\n");
}

/** Nothing where no restart is tried. */
function restartsLeft({ restartsLeft: left }: Incident): string {
  return left === null ? "" : `${plural(left, "restart")} left · `;
}

/** What it belongs to, and what is true of it beside its state. */
function aboutLines(incident: Incident): string[] {
  const { flags = [], suppressedBy = [], storm, previous, acknowledgement, issue, runbooks = [] } = incident;
  return [
    ...(issue ? [`issue: ${issue.url}`] : []),
    ...runbooks.map((address) => `runbook: ${address}`),
    ...(flags.length > 0 ? [`flags: ${flags.join(", ")}`] : []),
    ...(acknowledgement ? [`${acknowledgement.actor} has it until ${localTime(acknowledgement.until)}`] : []),
    ...(suppressedBy.length > 0 ? [`kept quiet by ${suppressedBy.join(", ")}`] : []),
    ...(previous ? [`before: ${previous}`] : []),
    ...(storm ? [`stands for (${storm.cause}):`] : []),
    ...(storm?.members ?? []).map((item) => `  ${item.id}  ${state(item.state)}  ${item.service}: ${item.symptom}`),
  ];
}
