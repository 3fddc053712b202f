import { wholeNumber } from "../failure.ts";
import { localTime, print, printJson, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { lines: string }): Promise<void> {
  const lines = wholeNumber(options.lines, { option: "--lines", from: 1, to: 1_000 });
  await withSession(options, async ({ usecases }) => {
    const entries = await usecases.audit(lines);
    if (options.json) return printJson({ entries });
    print(
      table(
        ["#", "at", "who", "what", "subject", "detail"],
        entries.map((item) => [
          String(item.seq),
          localTime(item.at),
          item.actor,
          item.action,
          item.subject,
          JSON.stringify(item.detail),
        ]),
      ),
    );
  });
}
