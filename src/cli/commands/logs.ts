import colors from "picocolors";
import type { LogLine } from "../../contract/requests.ts";
import { UserError } from "../../core/errors.ts";
import { print, printJson } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(
  options: GlobalOptions & { follow?: boolean; lines: string },
  service: string,
): Promise<void> {
  const lines = Number(options.lines);
  if (!Number.isInteger(lines) || lines < 1 || lines > 5_000)
    throw new UserError({
      code: "SM-USAGE",
      message: `--lines takes a whole number from 1 to 5000, not "${options.lines}"`,
      next: "see --help",
    });
  const show = (line: LogLine) =>
    options.json
      ? process.stdout.write(`${JSON.stringify(line)}\n`)
      : print(`${colors.dim(line.replica)} ${line.text}`);
  await withSession(options, async ({ usecases }) => {
    const past = await usecases.logs(service, lines);
    if (options.json && !options.follow) printJson({ lines: past });
    else for (const line of past) show(line);
    if (!options.follow) return;
    const end = new AbortController();
    process.once("SIGINT", () => end.abort());
    process.once("SIGTERM", () => end.abort());
    await usecases.followLogs(service, show, end.signal);
  });
}
