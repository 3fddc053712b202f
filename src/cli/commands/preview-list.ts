import { print, printJson } from "../output.ts";
import { previewTable } from "../preview-lines.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const previews = await usecases.previews();
    if (options.json) printJson({ previews });
    else print(previews.length === 0 ? "no previews" : previewTable(previews));
  });
}
