/** A time that says where it stands to UTC, in ISO 8601 or as the epoch ms of a JSON log line. */
const TIME =
  /(?<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d))|"(?:time|ts|timestamp)":(?<ms>\d{13})\b/;
/** Where lines begin with their time; what stands further on is rather about something else. */
const LOOKED_AT = 200;

/**
 * The lines from `since` (epoch ms) on, so that what an earlier failure left does not look like this one's cause. A line without a
 * time belongs to the one before it; lines before the first time are older than it; where no line has one all are kept.
 */
export function linesSince(lines: readonly string[], since: number): string[] {
  const first = lines.findIndex((line) => timeOf(line) !== undefined);
  if (first < 0) return [...lines];
  let isRecent = (timeOf(lines[first] ?? "") ?? 0) >= since;
  return lines.filter((line, index) => {
    const at = index > first ? timeOf(line) : undefined;
    if (at !== undefined) isRecent = at >= since;
    return isRecent;
  });
}

function timeOf(line: string): number | undefined {
  const { iso, ms } = TIME.exec(line.slice(0, LOOKED_AT))?.groups ?? {};
  if (ms !== undefined) return Number(ms);
  const at = iso === undefined ? Number.NaN : Date.parse(iso.replace(" ", "T").replace(",", "."));
  return Number.isNaN(at) ? undefined : at;
}
