/** `2026-03-01 22:05`, as the clock of a zone shows `at` (epoch ms). Throws RangeError for a zone that is none. */
export function minuteIn(zone: string, at: number): string {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  return `${dayIn(zone, at)} ${time.format(at)}`;
}

/** The day `2026-03-01` that the clock of a zone shows at `at` (epoch ms). Throws RangeError for a zone that is none. */
export function dayIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    at,
  );
}
