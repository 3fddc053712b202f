import { isRecord } from "../formats/document.ts";
import { sha256 } from "./base-store.ts";
import type { Plan } from "./plan.ts";

/** What was seen, and where, moves with each line of code: it is no part of what was decided. */
const SEEN: ReadonlySet<string> = new Set(["tree", "gaps", "assumptions", "contradictions", "origin"]);

/** sha256 of what a plan decides; the same on every machine. */
export function planHash(plan: Plan): string {
  return sha256(
    JSON.stringify(plan, (key, value: unknown) => {
      if (SEEN.has(key)) return undefined;
      return isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
    }),
  );
}
