import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, id: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const was = await usecases.unfreeze(id, actor());
    if (options.json) printJson(was);
    else print(`${was.environment} is no longer frozen by ${was.who}: ${was.reason}`);
  });
}
