import type { Status } from "../../../src/contract/status.ts";
import { plural } from "./format.ts";

type Holds = Pick<Status, "lock" | "freezes" | "queued">;

export function isHeld({ lock, freezes = [], queued }: Holds): boolean {
  return lock !== undefined || freezes.length > 0 || queued !== undefined;
}

/** What people have ordered that keeps deployments away, in one sentence. */
export function holdsOf({ lock, freezes = [], queued }: Holds): string {
  const holds = [
    lock && `locked by ${lock.holder}`,
    freezes.length > 0 && `frozen (${plural(freezes.length, "freeze")})`,
    queued && `awaited by ${queued.release}`,
  ].filter((text) => text !== undefined && text !== false);
  if (holds.length === 0) return "No lock, no freeze, nothing queued.";
  return `It is ${holds.join(", ")}.`;
}
