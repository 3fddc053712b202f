import { Cron } from "croner";

/** Spans that return: each begins when the cron line says so on the clock of the zone, and lasts `durationMs` of real time. */
export interface Spans {
  cron: string;
  durationMs: number;
  zone: string;
}

/**
 * Whether `at` (epoch ms) lies in a span; its end does not. When the clocks change within a span, it ends an hour earlier or later on
 * the wall clock. A begin that the change skips falls on its end; one that the wall clock shows twice happens once. Throws when
 * the line or the zone is none.
 */
export function isInSpan({ cron, durationMs, zone }: Spans, at: number): boolean {
  const begin = cronOf(cron, zone).nextRun(new Date(at - durationMs));
  return begin !== null && begin.getTime() <= at;
}

/** When the next span after `at` begins (epoch ms); null when there is none. Throws when the line or the zone is none. */
export function nextBegin({ cron, zone }: Pick<Spans, "cron" | "zone">, at: number): number | null {
  return cronOf(cron, zone).nextRun(new Date(at))?.getTime() ?? null;
}

/** Why the line or the zone cannot be used; undefined when they can. */
export function cronProblem(cron: string, zone: string): string | undefined {
  if (!isZone(zone)) return `there is no time zone "${zone}"; one is Europe/Paris`;
  try {
    return cronOf(cron, zone).nextRun() === null ? "it never begins" : undefined;
  } catch {
    return wrongPart(cron);
  }
}

const PARTS = [
  "minute (0 to 59)",
  "hour (0 to 23)",
  "day of the month (1 to 31)",
  "month (1 to 12, or JAN to DEC)",
  "day of the week (0 to 7, or SUN to SAT)",
];

/** What is wrong with a cron line that cannot be read, part by part. */
function wrongPart(cron: string): string {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== PARTS.length) return `a cron line has five parts: ${PARTS.join(", ")}`;
  const wrong = parts.findIndex((part, index) => !isLine(PARTS.map((_, at) => (at === index ? part : "*")).join(" ")));
  return wrong < 0 ? "it is no cron line" : `"${parts[wrong]}" is no ${PARTS[wrong]}`;
}

function isLine(cron: string): boolean {
  try {
    return new Cron(cron, { paused: true }).getPattern() !== undefined;
  } catch {
    return false;
  }
}

function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const crons = new Map<string, Cron>();

function cronOf(cron: string, zone: string): Cron {
  const key = `${cron}\n${zone}`;
  const made = crons.get(key) ?? new Cron(cron, { timezone: zone, paused: true });
  crons.set(key, made);
  return made;
}

const DAY_MS = 24 * 3_600_000;
/** The clock of a zone is put forward or back by less than this. */
const CHANGE_MS = 3 * 3_600_000;

/** Reads `08:00 Europe/Paris` (without a zone: UTC) as what happens once a day; undefined when it is not of that form. */
export function dailyTime(text: string): Omit<Spans, "durationMs"> | undefined {
  const [, hour, minute, zone = "UTC"] = /^([01]\d|2[0-3]):([0-5]\d)(?: ([A-Za-z][\w+/-]*))?$/.exec(text.trim()) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  const cron = `${Number(minute)} ${Number(hour)} * * *`;
  return cronProblem(cron, zone) === undefined ? { cron, zone } : undefined;
}

/** The last time (epoch ms) at or before `at` that a line which comes once a day names. */
export function lastDaily({ cron, zone }: Omit<Spans, "durationMs">, at: number): number {
  const times = cronOf(cron, zone).nextRuns(3, new Date(at - DAY_MS - CHANGE_MS));
  return Math.max(...times.map((time) => time.getTime()).filter((time) => time <= at));
}
