import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { note: string }, id: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const incident = await usecases.closeReview(id, actor(), options.note);
    if (options.json) printJson(incident);
    else print(`${incident.id} is ${incident.state}`);
  });
}
