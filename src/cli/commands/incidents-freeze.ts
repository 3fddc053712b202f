import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, id: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const incident = await usecases.setFrozen(id, true, actor());
    if (options.json) printJson(incident);
    else
      print(
        `nothing more is healed for ${incident.id}; stationmaster incidents unfreeze ${incident.id} allows it again`,
      );
  });
}
