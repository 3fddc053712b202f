import type { Severity } from "../../contract/incident.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

interface OpenOptions extends GlobalOptions {
  service?: string;
  symptom: string;
  severity: Severity;
}

export async function run({ service, symptom, severity, ...options }: OpenOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const incident = await usecases.reportIncident({ service, symptom, severity }, actor());
    if (options.json) printJson(incident);
    else
      print(`${incident.id} is open (${severity}); stationmaster incidents close ${incident.id} --note TEXT ends it`);
  });
}
