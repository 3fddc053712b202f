import type { Incident } from "../../contract/incident.ts";
import { plural } from "../../core/plural.ts";
import { incidentTable } from "../incident-table.ts";
import { localTime, print, printJson, state } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

const MOST = 50;

export async function run(options: GlobalOptions & { all?: boolean }, id?: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    if (id !== undefined) {
      const incident = await usecases.incident(id);
      if (options.json) printJson(incident);
      else print(renderIncident(incident));
      return;
    }
    const incidents = await usecases.incidents({ state: options.all ? "all" : "open", limit: MOST });
    if (options.json) return printJson({ incidents });
    if (incidents.length === 0) return print(options.all ? "no incident" : "no open incident");
    print(incidentTable(incidents));
  });
}

/** An incident for people: head, timeline, evidence. */
function renderIncident(incident: Incident): string {
  const { evidence } = incident;
  return [
    `${incident.id}  ${state(incident.severity)} ${state(incident.state)}  ${incident.service}: ${incident.symptom}${incident.acknowledged ? "  (acknowledged)" : ""}`,
    `failed checks: ${incident.failedChecks.join(", ") || "–"} · ${plural(incident.restartsLeft, "restart")} left · occurrence ${incident.occurrence}`,
    "",
    ...incident.timeline.map(({ at, kind, text }) => `${localTime(at)}  ${kind.padEnd(12)} ${text}`),
    ...(evidence
      ? [
          "",
          "evidence:",
          ...evidence.logs.map((line) => `  | ${line}`),
          ...evidence.changes.map(({ at, text }) => `  ${localTime(at)} ${text}`),
          ...evidence.missing.map((item) => `  missing: ${item}`),
        ]
      : []),
  ].join("\n");
}
