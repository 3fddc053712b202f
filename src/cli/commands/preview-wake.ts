import { followPreview } from "../preview-lines.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, name: string): Promise<void> {
  await withSession(options, async (session) => {
    await followPreview(await session.usecases.wakePreview(name, actor()), options, session);
  });
}
