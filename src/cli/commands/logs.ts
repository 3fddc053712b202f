import type { LogLine } from "../../contract/requests.ts";
import { wholeNumber } from "../failure.ts";
import { logBlocks, logHead, logText } from "../log-blocks.ts";
import { note, print } from "../output.ts";
import { type GlobalOptions, type Session, withSession } from "../session.ts";

export interface LogsOptions extends GlobalOptions {
  follow?: boolean;
  lines: string;
  release?: string;
}

export async function run(options: LogsOptions, service: string): Promise<void> {
  const lines = wholeNumber(options.lines, { option: "--lines", from: 0, to: 5_000 });
  const query = { service, lines, release: options.release };
  await withSession(options, async ({ usecases }) => {
    if (options.follow) return await follow(usecases, query, options);
    const found = await usecases.logs(query);
    if (options.json) for (const line of found) print(JSON.stringify(line));
    else for (const line of logBlocks(found)) print(line);
    if (found.length === 0 && lines > 0) note(`${await whyNothing(usecases, query)}; nothing to show`);
  });
}

/** Each replica has its head before its first line. */
async function follow(
  usecases: Session["usecases"],
  query: { service: string; lines: number; release?: string },
  { json }: LogsOptions,
): Promise<void> {
  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end.abort());
  process.stdout.once("error", () => end.abort());
  if (!(await hasProcess(usecases, query.service))) note(`${query.service} has no process; waiting for one`);
  const seen = new Set<string>();
  const show = (line: LogLine) => {
    if (json) return print(JSON.stringify(line));
    if (!seen.has(line.replica)) print(logHead(line));
    seen.add(line.replica);
    print(logText(line));
  };
  await usecases.followLogs(query, show, end.signal);
}

async function whyNothing(
  usecases: Session["usecases"],
  { service, release }: { service: string; release?: string | undefined },
): Promise<string> {
  if (release !== undefined) return `${service} wrote nothing as ${release}, or it is forgotten by now`;
  return (await hasProcess(usecases, service))
    ? `the processes of ${service} have written nothing`
    : `${service} has no process`;
}

async function hasProcess(usecases: Session["usecases"], service: string): Promise<boolean> {
  const { services, infrastructure = [] } = await usecases.status();
  return (
    services.some(({ name, replicas }) => name === service && replicas.length > 0) ||
    infrastructure.some(({ name }) => name === service)
  );
}
