import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, id: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const incident = await usecases.approve(id, actor());
    if (options.json) printJson(incident);
    else print(`${incident.id}: ${incident.actions.at(-1)?.remedy ?? "nothing"} is being carried out`);
  });
}
