import { changeRollout } from "../change-rollout.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { queued?: boolean }, id?: string): Promise<void> {
  if (!options.queued) return await changeRollout(options, id, "abort");
  await withSession(options, async ({ usecases }) => {
    const was = await usecases.unqueue(actor());
    if (options.json) printJson(was);
    else print(`${was.release}, which ${was.actor} queued for ${was.environment}, is not shipped`);
  });
}
