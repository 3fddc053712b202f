import { badUsage } from "../failure.ts";
import { note } from "../output.ts";
import { followPreview } from "../preview-lines.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { pr?: string; fork?: boolean }, ref: string): Promise<void> {
  const { pr, fork = false } = options;
  if (pr !== undefined && !/^[1-9]\d{0,9}$/.test(pr))
    throw badUsage(`"${pr}" is no pull request`, "give its number, such as --pr 7");
  await withSession(options, async (session) => {
    const request = { ref, fork, ...(pr === undefined ? {} : { pr: Number(pr) }) };
    const preview = await session.usecases.openPreview(request, actor());
    if (!options.json && !preview.ready) note(`${preview.name} is being made on ${preview.host}`);
    await followPreview(preview, options, session);
  });
}
