import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, id: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const item = await usecases.finishActionItem(id, actor());
    if (options.json) printJson(item);
    else print(`${item.id} is done`);
  });
}
