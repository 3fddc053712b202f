import { resolve } from "node:path";
import { ReportQuery } from "../../contract/report.ts";
import { createLocalHost } from "../../exec/local-host.ts";
import { badUsage, wholeNumber } from "../failure.ts";
import { localTime, print, printJson, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

const DEADLINE_MS = 10_000;

interface ReportOptions extends GlobalOptions {
  week?: string;
  day?: string;
  days: string;
  out?: string;
}

export async function run(options: ReportOptions, what: string, incident?: string): Promise<void> {
  if (what === "list") return await list(options);
  const query = queryOf(what, incident, options);
  await withSession(options, async ({ usecases }) => {
    const { markdown, data } = await usecases.report(query);
    const { out, json } = options;
    if (out === undefined) return json ? printJson(data) : print(markdown.trimEnd());
    const file = resolve(out);
    const text = json ? `${JSON.stringify(data, null, 2)}\n` : markdown;
    await createLocalHost().write(file, text, { deadlineMs: DEADLINE_MS });
    if (json) printJson({ file });
    else print(file);
  });
}

async function list(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const reports = await usecases.reports();
    if (options.json) return printJson({ reports });
    if (reports.length === 0) return print("no report is kept yet");
    const rows = reports.map(({ kind, period, madeAt, issue }) => [
      ...[kind, period, localTime(madeAt), issue?.url ?? ""],
    ]);
    print(table(["report", "of", "made", "issue"], rows));
  });
}

function queryOf(what: string, id: string | undefined, { week, day, days }: ReportOptions): ReportQuery {
  const ofIncident = what === "incident" || what === "postmortem";
  if (ofIncident && id === undefined)
    throw badUsage(`missing argument 'incident'`, "stationmaster incidents --all lists them");
  const parsed = ReportQuery.safeParse({
    kind: what,
    ...(id === undefined ? {} : { id }),
    ...(week === undefined ? {} : { week }),
    ...(day === undefined ? {} : { day }),
    ...(what === "healing" ? { days: wholeNumber(days, { option: "--days", from: 1, to: 400 }) } : {}),
  });
  if (parsed.success) return parsed.data;
  throw badUsage(
    `there is no such report: ${[what, id, week, day].filter(Boolean).join(" ")}`,
    "there are daily [--day 2026-03-01], audit [--week 2026-W09], healing [--days 30], incident ID, postmortem ID, list",
  );
}
