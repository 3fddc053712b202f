import { JVM, SCRIPT, type Sign } from "../signs.ts";

/** A schedule as programs write it: five to seven fields, or a word behind `@`. */
const FIELDS = String.raw`(?<schedule>@(?:every\s+[\w.]+|yearly|annually|monthly|weekly|daily|midnight|hourly)|(?:[\d*/,\-?LW#A-Za-z]+[ \t]+){4,6}[\d*/,\-?LW#A-Za-z]+)`;
const quotedSchedule = String.raw`["'\x60]\s*(?:(?:CRON_)?TZ=\S+\s+)?${FIELDS}\s*["'\x60]`;
const given = String.raw`["'\x60](?<name>[\w .:/@-]{1,60})["'\x60]`;
const sign = (extensions: string, has: string, pattern: string): Sign<null> => ({
  in: extensions,
  has,
  pattern: new RegExp(pattern, "g"),
  value: null,
});

/** Schedulers inside of applications. Groups: `schedule`, or `constant` of the library; `name` where it is given. */
export const SCHEDULES: readonly Sign<null>[] = [
  sign(
    SCRIPT,
    "ron.schedule",
    String.raw`\b(?:node)?[cC]ron\.schedule\(\s*${quotedSchedule}(?:\s*,\s*(?:async\s*)?(?<name>[A-Za-z_]\w*)\s*[,)])?`,
  ),
  sign(
    SCRIPT,
    "Cron",
    String.raw`(?<![@\w.])(?:new\s+)?Cron(?:Job)?\(\s*${quotedSchedule}(?:\s*,\s*(?:async\s*)?(?<name>[A-Za-z_]\w*)\s*[,)])?`,
  ),
  sign(SCRIPT, "cronTime", String.raw`\bcronTime\s*:\s*${quotedSchedule}`),
  sign(SCRIPT, "Deno.cron", String.raw`\bDeno\.cron\(\s*${given}\s*,\s*${quotedSchedule}`),
  sign(SCRIPT, "scheduleJob", String.raw`\bscheduleJob\(\s*(?:${given}\s*,\s*)?${quotedSchedule}`),
  sign(
    SCRIPT,
    "@Cron",
    String.raw`@Cron\(\s*(?:${quotedSchedule}|CronExpression\.(?<constant>\w+))[^)]*\)\s*(?:@[\w.]+\([^)]*\)\s*)*(?:(?:public|private|protected|async)\s+)*(?<name>\w+)\s*\(`,
  ),
  sign(SCRIPT, "repeat:", String.raw`\brepeat:\s*\{\s*(?:pattern|cron)\s*:\s*${quotedSchedule}`),
  sign(
    SCRIPT,
    "upsertJobScheduler",
    String.raw`\bupsertJobScheduler\(\s*${given}\s*,\s*\{\s*pattern\s*:\s*${quotedSchedule}`,
  ),
  sign(SCRIPT, "agenda", String.raw`\bagenda\.every\(\s*(?:${quotedSchedule})\s*,\s*${given}`),
  sign(SCRIPT, "oss.schedule", String.raw`\b(?:pg)?[bB]oss\.schedule\(\s*${given}\s*,\s*${quotedSchedule}`),
  sign("go", "cron", String.raw`\.Add(?:Func|Job)\(\s*${quotedSchedule}\s*,\s*(?:(?<name>[A-Za-z_][\w.]*)\s*\))?`),
  sign(
    "go",
    "cron",
    String.raw`\.(?:Cron|CronWithSeconds)\(\s*${quotedSchedule}\s*\)|\bgocron\.CronJob\(\s*${quotedSchedule.replace("(?<schedule>", "(?<other>")}`,
  ),
  sign("go", "asynq", String.raw`\.Register\(\s*${quotedSchedule}`),
  sign(
    JVM,
    "@Scheduled",
    String.raw`@Scheduled\([^)]*?\bcron\s*=\s*["'](?:\$\{[\w.-]+:)?${FIELDS}\}?["'][^)]*\)\s*(?:@[\w.]+(?:\([^)]*\))?\s*)*(?:(?:public|private|protected|suspend|void|fun|open|override)\s+)*(?<name>\w+)\s*\(`,
  ),
  sign(JVM, "@Recurring", String.raw`@Recurring\(\s*id\s*=\s*${given}\s*,\s*cron\s*=\s*${quotedSchedule}`),
  sign(JVM, "cronSchedule", String.raw`\bcronSchedule\(\s*${quotedSchedule}`),
  sign(
    "cs fs",
    "RecurringJob",
    String.raw`\bRecurringJob\.AddOrUpdate(?:<[^>]*>)?\(\s*(?:${given}\s*,)?[^;]{0,200}?(?:${quotedSchedule}|\bCron\.(?<constant>\w+)\s*(?:\(\s*\))?\s*[,)])`,
  ),
  sign("cs fs", "CronSchedule", String.raw`\.(?:WithCronSchedule|CronSchedule)\(\s*${quotedSchedule}`),
  sign("cs fs", ".Cron(", String.raw`\.Schedule<(?<name>[\w.]+)>\(\)\s*\.Cron\(\s*${quotedSchedule}`),
  sign("ex exs", "{", String.raw`\{\s*${quotedSchedule}\s*,\s*\{?\s*(?<name>[A-Z][\w.]*)`),
  sign("ex exs", "schedule:", String.raw`\bschedule:\s*${quotedSchedule}`),
  sign("rs", "Job", String.raw`\bJob::new(?:_async|_tz|_async_tz)?\(\s*${quotedSchedule}`),
  sign("rs", "Schedule", String.raw`\bSchedule::from_str\(\s*${quotedSchedule}`),
];

/** What constants of libraries mean: `CronExpression` of Nest, `Cron` of Hangfire. */
const CONSTANTS: Readonly<Record<string, string>> = {
  EVERY_SECOND: "* * * * * *",
  EVERY_5_SECONDS: "*/5 * * * * *",
  EVERY_10_SECONDS: "*/10 * * * * *",
  EVERY_30_SECONDS: "*/30 * * * * *",
  EVERY_MINUTE: "*/1 * * * *",
  EVERY_5_MINUTES: "0 */5 * * * *",
  EVERY_10_MINUTES: "0 */10 * * * *",
  EVERY_30_MINUTES: "0 */30 * * * *",
  EVERY_HOUR: "0 0-23/1 * * *",
  EVERY_2_HOURS: "0 0-23/2 * * *",
  EVERY_3_HOURS: "0 0-23/3 * * *",
  EVERY_4_HOURS: "0 0-23/4 * * *",
  EVERY_6_HOURS: "0 0-23/6 * * *",
  EVERY_12_HOURS: "0 0-23/12 * * *",
  EVERY_DAY_AT_MIDNIGHT: "0 0 * * *",
  EVERY_DAY_AT_NOON: "0 12 * * *",
  EVERY_WEEK: "0 0 * * 0",
  EVERY_WEEKDAY: "0 0 * * 1-5",
  EVERY_WEEKEND: "0 0 * * 6,0",
  EVERY_1ST_DAY_OF_MONTH_AT_MIDNIGHT: "0 0 1 * *",
  EVERY_QUARTER: "0 0 1 */3 *",
  EVERY_YEAR: "0 0 1 1 *",
  Minutely: "* * * * *",
  Hourly: "0 * * * *",
  Daily: "0 0 * * *",
  Weekly: "0 0 * * 1",
  Monthly: "0 0 1 * *",
  Yearly: "0 0 1 1 *",
};

/** `EVERY_DAY_AT_2AM` of Nest. */
const AT_HOUR = /^EVERY_DAY_AT_(\d{1,2})(AM|PM)$/;

/** The schedule of a constant; undefined where it is not known. */
export function scheduleOf(constant: string): string | undefined {
  const [, hour, half] = AT_HOUR.exec(constant) ?? [];
  if (hour !== undefined) return `0 ${String((Number(hour) % 12) + (half === "PM" ? 12 : 0)).padStart(2, "0")} * * *`;
  return Object.hasOwn(CONSTANTS, constant) ? CONSTANTS[constant] : undefined;
}

/** Code that takes work from a queue and does nothing else, where its file is called after that. */
export const CONSUMERS: readonly RegExp[] = [
  /\bnew\s+(?:Bull)?Worker\s*(?:<[^>]*>)?\(\s*["'`\w]/,
  /\b\w*[qQ]ueue\.process\s*\(/,
  /\bboss\.work\s*\(/,
  /\bagenda\.(?:define|start)\s*\(/,
  /\bchannel\.consume\s*\(/,
  /\bconsumer\.run\s*\(/,
  /["']graphile-worker["']/,
  /\bWorker\.create\s*\(/,
];
