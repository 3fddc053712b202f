import { confirm } from "../confirm.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { yes?: boolean }, name: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    await confirm(`Remove ${name} with its volumes and databases?`, options);
    const removed = await usecases.removePreview(name, actor());
    if (options.json) printJson(removed);
    else print(removed.state === "removed" ? `${name} is removed` : `${name} is being removed`);
  });
}
