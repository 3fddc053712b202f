import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, id: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const was = await usecases.endSilence(id, actor());
    if (options.json) printJson(was);
    else print(`${was.id} is over: ${was.reason}; what still fails opens after a while`);
  });
}
