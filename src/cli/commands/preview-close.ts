import { localTime, print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, name: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const closed = await usecases.closePreview(name, actor());
    if (options.json) printJson(closed);
    else print(`${name} is closed${closed.expiresAt ? ` and removed after ${localTime(closed.expiresAt)}` : ""}`);
  });
}
