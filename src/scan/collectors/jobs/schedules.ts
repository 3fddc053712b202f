import { baseOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { signsIn } from "../../signs.ts";
import { SCHEDULES, scheduleOf } from "../../tables/jobs.ts";

/** A job by the clock that the application starts itself, or that a table of cron has. */
export interface Scheduled {
  name: string;
  schedule: string;
  command: string | null;
  at: Evidence;
}

/** Schedules that code gives to a scheduler inside of the application. */
export function codeSchedules(view: View): Scheduled[] {
  return signsIn(view, SCHEDULES).flatMap(({ hit: { file, place, match } }): Scheduled[] => {
    const { schedule, other, constant, name } = match.groups ?? {};
    const found = schedule ?? other ?? (constant === undefined ? undefined : scheduleOf(constant));
    const at = view.seen(file, place, "scheduler");
    if (found === undefined) {
      if (constant !== undefined) view.miss("cron", `the schedule ${constant} is not known`, at);
      return [];
    }
    return [{ name: name?.trim() || stem(file), schedule: found.replace(/\s+/g, " "), command: null, at }];
  });
}

const ENTRY =
  /^\s*(@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|(?:[\d*/,\-A-Za-z]+\s+){4}[\d*/,\-A-Za-z]+)\s+(\S.*)$/;

/** Lines of files for cron: a schedule and a command. In the system's own form, a user stands between the two. */
export function crontabs(view: View): Scheduled[] {
  const files = view.files.filter(
    (path) =>
      /^(?:crontab|[\w-]+\.crontab|crontab\.txt|crontab\.[\w-]+)$/.test(baseOf(path)) ||
      /(?:^|\/)cron\.d\/[\w-]+$/.test(path),
  );
  return files.flatMap((file) =>
    (view.snapshot.text(file) ?? "").split("\n").flatMap((line, index): Scheduled[] => {
      const [, schedule, rest = ""] = /^\s*[#\w]+=|^\s*#/.test(line) ? [] : (ENTRY.exec(line) ?? []);
      if (schedule === undefined) return [];
      const isSystem = /(?:^|\/)cron\.d\//.test(file) || /^(?:root|www-data|app|node|nobody)\s/.test(rest);
      const command = (isSystem ? rest.replace(/^\S+\s+/, "") : rest).replace(/\s+(?:>>?|2>|&>).*$/, "").trim();
      return [
        {
          name: nameOf(command) || stem(file),
          schedule: schedule.replace(/\s+/g, " "),
          command,
          at: view.seen(file, index + 1, "crontab"),
        },
      ];
    }),
  );
}

/** `cd /app && python manage.py clearsessions` as `clearsessions`. */
function nameOf(command: string): string {
  const words = command.split(/&&|;/).at(-1)?.trim().split(/\s+/) ?? [];
  const word = words.filter((one) => !one.startsWith("-")).at(-1) ?? "";
  return baseOf(word)
    .replace(/\.\w+$/, "")
    .replace(/[^\w:.-]/g, "");
}

/** What a file is called: `jobs/cleanup.ts` is `cleanup`, `cron/index.ts` is `cron`. */
function stem(file: string): string {
  const base = baseOf(file).replace(/\.\w+$/, "");
  const folder = file.split("/").at(-2) ?? "";
  return /^(?:index|main|app|server|mod)$/i.test(base) && !/^(?:|src|lib|app|config)$/.test(folder) ? folder : base;
}
