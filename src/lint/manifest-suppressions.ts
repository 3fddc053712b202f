import { type Document, isRecord, listAt, stringAt } from "../formats/document.ts";
import { isRule } from "./check.ts";
import type { Complaint } from "./finding.ts";
import type { Suppression } from "./suppressions.ts";

const PATH = ["generate", "suppress"] as const;

/**
 * The suppressions of a manifest, and what is wrong with them. The rest of the manifest may be wrong: a check of files must not
 * wait until somebody mended it.
 */
export function suppressionsOf(manifest: Document): { suppressions: Suppression[]; complaints: Complaint[] } {
  const suppressions: Suppression[] = [];
  const complaints: Complaint[] = [];
  for (const [index, item] of listAt(manifest.value, PATH).entries()) {
    const rule = stringAt(item, ["rule"]);
    const reason = stringAt(item, ["reason"])?.trim();
    const until = isRecord(item) ? dayOf(item.until) : undefined;
    const path = stringAt(item, ["path"]);
    const wrong = !rule
      ? "it names no rule"
      : !isRule(rule)
        ? `there is no rule ${rule}; stationmaster check --rules lists them`
        : !reason
          ? "it gives no reason"
          : until === null
            ? "`until` is no day such as 2027-03-01"
            : undefined;
    if (wrong !== undefined || !rule || !reason || until === null)
      complaints.push({
        ...(manifest.place([...PATH, index]) ?? { line: 1, column: 1 }),
        message: `this suppression does not hold: ${wrong}`,
      });
    else suppressions.push({ rule, reason, ...(path ? { path } : {}), ...(until ? { until } : {}) });
  }
  return { suppressions, complaints };
}

/** A day as YYYY-MM-DD; null for what is none. */
function dayOf(value: unknown): string | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
}
