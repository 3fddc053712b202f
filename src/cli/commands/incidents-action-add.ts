import { ActionItemRequest } from "../../contract/report.ts";
import { badUsage } from "../failure.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(
  { text, owner, due, ...options }: GlobalOptions & ActionItemRequest,
  incident: string,
): Promise<void> {
  const request = ActionItemRequest.safeParse({ text, owner, due });
  if (!request.success)
    throw badUsage(
      "the text, the owner or the day is wrong",
      "a day is written 2026-12-01; a text has at most 500 characters",
    );
  await withSession(options, async ({ usecases }) => {
    const item = await usecases.addActionItem(incident, request.data, actor());
    if (options.json) printJson(item);
    else print(`${item.id} is due ${item.due}; stationmaster incidents action done ${item.id} says that it is done`);
  });
}
