import { isInside, nextChange, parseWindow, type Window } from "./window.ts";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const FORM = /^([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))? (\d{2}:\d{2})-(\d{2}:\d{2})( [A-Za-z][\w+/-]*)?$/;

/** Reads `Mon-Fri 09:00-18:00 Europe/Paris` (without a zone: UTC) as one window for each day; undefined when it is not of that form. */
export function parseHours(text: string): Window[] | undefined {
  const [, first = "", last = first, from = "", to = "", zone = ""] = FORM.exec(text.trim()) ?? [];
  const span = DAYS.slice(DAYS.indexOf(first), DAYS.indexOf(last) + 1);
  if (!DAYS.includes(first) || !DAYS.includes(last) || span.length === 0 || from >= to) return undefined;
  const windows = span.map((day) => parseWindow(`${day} ${from} - ${day} ${to}${zone}`));
  return windows.every((window) => window !== undefined) ? windows : undefined;
}

const STEP_MS = 5 * 60_000;
const WEEK_MS = 7 * 24 * 3_600_000;

/** The first moment (epoch ms) from `at` on that lies in one of the windows, which last 5 minutes or more; `at` itself where there are none. */
export function nextOpen(windows: readonly Window[], at: number): number {
  for (let moment = at; moment <= at + WEEK_MS; moment += STEP_MS) {
    const window = windows.find((candidate) => isInside(candidate, moment));
    if (window) return moment === at ? at : (nextChange(window, moment - STEP_MS, true) ?? moment);
  }
  return at;
}
