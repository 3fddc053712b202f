import { actor } from "./session.ts";

/** What tells a daemon that runs apart from its terminal who started it there. */
export const ORDERED_BY = "STATIONMASTER_ORDERED_BY";

/** The person who types the command; null where a program runs it, such as a supervisor or a boot script. */
export function orderedBy(): string | null {
  return process.stdin.isTTY ? actor() : process.env[ORDERED_BY] || null;
}
