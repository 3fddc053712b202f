import { Severity } from "../../contract/incident.ts";
import { badUsage } from "../failure.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { note?: string }, id: string, level: string): Promise<void> {
  const severity = Severity.safeParse(level.toUpperCase());
  if (!severity.success) throw badUsage(`"${level}" is no severity`, `there are ${Severity.options.join(", ")}`);
  await withSession(options, async ({ usecases }) => {
    const incident = await usecases.setSeverity(id, severity.data, actor(), options.note);
    if (options.json) printJson(incident);
    else print(`${incident.id} is ${incident.severity}; it rises by itself only where it gets worse than it was`);
  });
}
