import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { reason: string }, id: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const incident = await usecases.decline(id, actor(), options.reason);
    if (options.json) printJson(incident);
    else print(`${incident.id}: the plan was declined`);
  });
}
