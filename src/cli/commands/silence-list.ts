import type { Silence } from "../../contract/silence.ts";
import { print, printJson, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";
import { matcherText, spanText, standingOf } from "../silence-lines.ts";

export async function run(options: GlobalOptions & { all?: boolean }): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const silences = await usecases.silences({ past: options.all === true });
    if (options.json) return printJson({ silences });
    print(silences.length === 0 ? "nothing is silenced" : list(silences));
  });
}

function list(silences: readonly Silence[]): string {
  return table(
    ["silence", "kind", "now", "what", "when", "checks", "who", "reason"],
    silences.map((item) => [
      item.id,
      item.kind,
      standingOf(item),
      matcherText(item),
      spanText(item),
      String(item.checks.length),
      item.author ?? "manifest",
      item.reason,
    ]),
  );
}
