import type { Incident } from "../../contract/incident.ts";
import { plural } from "../../core/plural.ts";
import { evidenceLines } from "../evidence-lines.ts";
import { incidentTable, noneOpen } from "../incident-table.ts";
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
    if (incidents.length > 0) return print(incidentTable(incidents));
    const [last] = options.all ? [] : await usecases.incidents({ state: "all", limit: 1 });
    print(options.all ? "no incident" : noneOpen(last));
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
    ...(evidence ? ["", "evidence:", ...evidenceLines(evidence)] : []),
  ].join("\n");
}
