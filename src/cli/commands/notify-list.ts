import { wholeNumber } from "../failure.ts";
import { notificationTable } from "../notification-table.ts";
import { print, printJson } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { lines: string }, incident?: string): Promise<void> {
  const limit = wholeNumber(options.lines, { option: "--lines", from: 1, to: 1_000 });
  await withSession(options, async ({ usecases }) => {
    const notifications = await usecases.notifications({ incident, limit });
    if (options.json) printJson({ notifications });
    else print(notifications.length > 0 ? notificationTable(notifications) : "nothing was sent");
  });
}
