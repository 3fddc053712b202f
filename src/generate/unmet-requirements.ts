import type { ScanReport } from "../contract/scan.ts";
import { wantText } from "../contract/scan-words.ts";
import type { Finding } from "../lint/finding.ts";

/** Requirements that the repository contradicts, each with the line of both. */
export function unmetRequirements({ requirements }: ScanReport): Finding[] {
  return requirements.flatMap(({ id, value, file, line, contradicts }): Finding[] => {
    if (!contradicts) return [];
    const asked = id === "want.stateless" ? "no state" : wantText(id, value);
    const there = `${contradicts.fact} is ${String(contradicts.value)}`;
    const at = contradicts.file === null ? "" : ` (${contradicts.file}:${contradicts.line ?? 1})`;
    const message = `${id === "want.without" ? "asks for no" : "asks for"} ${asked}, and ${there}${at}`;
    return [{ rule: "requirements", severity: "warning", file, line, message }];
  });
}
