import type { Calling } from "../../contract/notification.ts";
import { formatDuration } from "../../core/duration.ts";
import { ago, print, printJson, state, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const calling = await usecases.calling();
    if (options.json) printJson(calling);
    else print([channelTable(calling), "", ...calling.escalation.map(levelLine)].join("\n"));
  });
}

function channelTable({ channels }: Calling): string {
  return table(
    ["channel", "kind", "delivered", "waiting", "given up", "last delivered", "last test", "last failure"],
    channels.map((item) => [
      item.name,
      item.kind,
      String(item.delivered),
      String(item.waiting),
      String(item.dead),
      item.lastSuccessAt ? ago(item.lastSuccessAt) : "never",
      item.lastTest ? `${item.lastTest.accepted ? "accepted" : "refused"} ${ago(item.lastTest.at)}` : "never",
      item.lastError ?? "–",
    ]),
  );
}

/** `SEV1  page; after 5 min phone`. */
function levelLine({ severity, levels, hours }: Calling["escalation"][number]): string {
  const called = levels
    .filter(({ to }) => to.length > 0)
    .map(({ to, afterMs }) => `${afterMs > 0 ? `after ${formatDuration(afterMs)} ` : ""}${to.join(", ")}`);
  const when = hours === null ? "" : ` (what is not critical: ${hours})`;
  return `${state(severity)}  ${called.join("; ") || "nobody is called"}${when}`;
}
