import { resolve } from "node:path";
import { exportPage } from "../../daemon/status-page/export.ts";
import { print, printJson } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, folder: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const files = await exportPage(await usecases.statusPage(), resolve(folder));
    if (options.json) printJson({ files });
    else print(files.join("\n"));
  });
}
