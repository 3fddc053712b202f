import type { Incident } from "../../contract/incident.ts";
import { clockTime, print, printJson, state, table } from "../output.ts";
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
    if (incidents.length === 0) return print("no open incident");
    print(
      table(
        ["incident", "severity", "state", "service", "symptom", "opened"],
        incidents.map((item) => [
          item.id,
          state(item.severity),
          state(item.state),
          item.service,
          item.symptom,
          item.openedAt,
        ]),
      ),
    );
  });
}

/** An incident for people: head, timeline, evidence. */
export function renderIncident(incident: Incident): string {
  const { evidence } = incident;
  return [
    `${incident.id}  ${state(incident.severity)} ${state(incident.state)}  ${incident.service}: ${incident.symptom}${incident.acknowledged ? "  (acknowledged)" : ""}`,
    `failed checks: ${incident.failedChecks.join(", ") || "–"} · restarts left: ${incident.restartsLeft} · occurrence ${incident.occurrence}`,
    "",
    ...incident.timeline.map(({ at, kind, text }) => `${clockTime(at)}  ${kind.padEnd(12)} ${text}`),
    ...(evidence
      ? [
          "",
          "evidence:",
          ...evidence.logs.map((line) => `  | ${line}`),
          ...evidence.changes.map(({ at, text }) => `  ${clockTime(at)} ${text}`),
          ...evidence.missing.map((item) => `  missing: ${item}`),
        ]
      : []),
  ].join("\n");
}
