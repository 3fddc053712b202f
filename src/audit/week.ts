const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
/** Sunday 06:00 UTC, from the Monday 00:00 its ISO week begins with. */
const DUE_MS = 6 * DAY_MS + 6 * 3_600_000;
/** 1970-01-05, the first Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** The Sunday 06:00 UTC at or before `at` (epoch ms): when the last weekly audit was due. */
export function lastAuditDue(at: number): number {
  const offset = FIRST_MONDAY_MS + DUE_MS;
  return Math.floor((at - offset) / WEEK_MS) * WEEK_MS + offset;
}

/** The ISO week in UTC of a time (epoch ms): `2026-W09`. A week belongs to the year that its Thursday is in. */
export function isoWeek(at: number): string {
  const monday = Math.floor((at - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
  const thursday = monday + 3 * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / WEEK_MS) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** What an audit that is due at that time looks back on: the 7 days before (epoch ms). */
export function auditedSpan(due: number): { from: number; until: number } {
  return { from: due - WEEK_MS, until: due };
}
