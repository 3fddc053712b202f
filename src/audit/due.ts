import { dailyTime, lastDaily } from "../core/recurrence.ts";
import { dayIn } from "./day.ts";
import { isoWeek, lastAuditDue } from "./week.ts";

/** A report that had to be made at `at` (epoch ms); there is one of each period. */
export interface Due {
  kind: "daily" | "audit";
  period: string;
  at: number;
}

/** The reports that were due last at `now`: the audit of the week, and where the manifest has a time for it that of the day. */
export function dueReports({ dailyAt }: { dailyAt: string | undefined }, now: number): Due[] {
  const audit = lastAuditDue(now);
  const daily = dailyAt === undefined ? undefined : dailyTime(dailyAt);
  const at = daily && lastDaily(daily, now);
  return [
    { kind: "audit", period: isoWeek(audit), at: audit },
    ...(daily && at ? [{ kind: "daily" as const, period: dayIn(daily.zone, at), at }] : []),
  ];
}
