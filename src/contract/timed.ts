import type { CheckType } from "./check.ts";

const UNTIMED: ReadonlySet<CheckType> = new Set(["process", "heartbeat"]);

/** Whether the duration of a run says something about what is asked; looking for a process takes as long as it takes. */
export function isTimedType(type: CheckType): boolean {
  return !UNTIMED.has(type);
}
