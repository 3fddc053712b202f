import colors from "picocolors";
import type { LogLine } from "../../contract/requests.ts";
import { wholeNumber } from "../failure.ts";
import { print } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export interface LogsOptions extends GlobalOptions {
  follow?: boolean;
  lines: string;
  release?: string;
}

export async function run(options: LogsOptions, service: string): Promise<void> {
  const lines = wholeNumber(options.lines, { option: "--lines", from: 0, to: 5_000 });
  const query = { service, lines, release: options.release };
  const show = (line: LogLine) =>
    print(options.json ? JSON.stringify(line) : `${colors.dim(line.replica)} ${line.text}`);
  await withSession(options, async ({ usecases }) => {
    if (!options.follow) {
      for (const line of await usecases.logs(query)) show(line);
      return;
    }
    const end = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end.abort());
    await usecases.followLogs(query, show, end.signal);
  });
}
