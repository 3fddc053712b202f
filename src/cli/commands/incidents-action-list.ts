import { print, printJson, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { all?: boolean }, incident?: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const found = await usecases.actionItems(incident);
    const items = found.filter(({ doneAt }) => options.all || doneAt === null);
    if (options.json) return printJson({ items });
    if (items.length === 0) return print("nothing is left to do");
    const rows = items.map((item) => [
      ...[item.id, item.due, item.owner, item.doneBy === null ? "" : `done by ${item.doneBy}`],
      ...[item.incident, item.issue ? `#${item.issue.number}` : "", item.text],
    ]);
    print(table(["id", "due", "owner", "", "incident", "issue", ""], rows));
  });
}
