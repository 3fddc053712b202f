import { PublishRequest } from "../../contract/status-page.ts";
import { UserError } from "../../core/errors.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { text: string }, id: string): Promise<void> {
  const request = PublishRequest.safeParse({ text: options.text });
  if (!request.success)
    throw new UserError({ code: "SM-USAGE", message: "--text is empty or too long", next: "1 to 2000 characters" });
  await withSession(options, async ({ usecases }) => {
    const note = await usecases.publishIncident(id, request.data.text, actor());
    if (options.json) printJson(note);
    else print(`the status page says so from now on: ${note.text}`);
  });
}
