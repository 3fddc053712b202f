const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const FORM = /^(?:([A-Z][a-z]{2}) )?(\d{2}):(\d{2}) - (?:([A-Z][a-z]{2}) )?(\d{2}):(\d{2})(?: ([A-Za-z][\w+/-]*))?$/;

/** A span that returns every week (`daily`: every day), in the clock of a time zone. */
export interface Window {
  /** Minutes since Monday 00:00, or since midnight; `to` is the first minute outside. */
  from: number;
  to: number;
  daily: boolean;
  zone: string;
}

/** Reads `Fri 16:00 - Mon 08:00 Europe/Paris` or `22:00 - 06:00`; without a zone it is UTC. Undefined when it is neither. */
export function parseWindow(text: string): Window | undefined {
  const match = FORM.exec(text.trim());
  if (!match) return undefined;
  const [, fromDay, fromHour, fromMinute, toDay, toHour, toMinute, zone = "UTC"] = match;
  if ((fromDay === undefined) !== (toDay === undefined) || !isZone(zone)) return undefined;
  const from = minuteOf(fromDay, Number(fromHour), Number(fromMinute));
  const to = minuteOf(toDay, Number(toHour), Number(toMinute));
  if (from === undefined || to === undefined || from === to) return undefined;
  return { from, to, daily: fromDay === undefined, zone };
}

/** Whether the moment (epoch ms) lies in the window; the end itself does not. */
export function isInside(window: Window, at: number): boolean {
  const week = minuteOfWeek(at, window.zone);
  const minute = window.daily ? week % DAY_MINUTES : week;
  return window.from < window.to
    ? minute >= window.from && minute < window.to
    : minute >= window.from || minute < window.to;
}

/** The first moment (epoch ms) after `at` for which `isInside` answers `inside`, to the minute; undefined if there is none in the coming week. */
export function nextChange(window: Window, at: number, inside: boolean): number | undefined {
  const first = Math.ceil((at + 1) / 60_000) * 60_000;
  for (let step = 0; step <= WEEK_MINUTES + DAY_MINUTES; step++) {
    const moment = first + step * 60_000;
    if (isInside(window, moment) === inside) return moment;
  }
  return undefined;
}

function minuteOf(day: string | undefined, hour: number, minute: number): number | undefined {
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return undefined;
  const index = day === undefined ? 0 : (DAYS as readonly string[]).indexOf(day);
  return index < 0 ? undefined : index * DAY_MINUTES + hour * 60 + minute;
}

function isZone(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formatters.set(zone, made);
  return made;
}

/** Minutes since Monday 00:00 on the clock of the zone. */
function minuteOfWeek(at: number, zone: string): number {
  const parts = Object.fromEntries(
    formatter(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = (DAYS as readonly string[]).indexOf(parts.weekday ?? "");
  return day * DAY_MINUTES + Number(parts.hour) * 60 + Number(parts.minute);
}
