import { clockTime, print, printJson, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { lines: string }): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const entries = await usecases.audit(Number(options.lines) || 50);
    if (options.json) return printJson({ entries });
    print(
      table(
        ["#", "at", "who", "what", "subject", "detail"],
        entries.map((item) => [
          String(item.seq),
          clockTime(item.at),
          item.actor,
          item.action,
          item.subject,
          JSON.stringify(item.detail),
        ]),
      ),
    );
  });
}
