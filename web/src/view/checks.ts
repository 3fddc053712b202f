import type { Check, CheckType } from "../../../src/contract/check.ts";
import { isTimedType } from "../../../src/contract/timed.ts";

const STANDING: readonly CheckType[] = [
  ...(["http", "tcp", "process", "browser", "steps", "heartbeat", "postgres", "redis", "tls", "dns", "ping"] as const),
];

/** Whether there is a check whose durations say something. */
export function isTimed(check: Check | undefined): check is Check {
  return check !== undefined && isTimedType(check.type);
}

/** The checks of one service, the one that best stands for it first. */
export function byStanding(checks: readonly Check[]): Check[] {
  const rank = ({ type }: Check) => STANDING.indexOf(type);
  return [...checks].sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
}
