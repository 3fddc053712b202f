import type { Finding } from "./finding.ts";
import type { LintFile } from "./lint-file.ts";

/** A suppression of the manifest. */
export interface Suppression {
  rule: string;
  /** Glob of paths; all where it is left out. */
  path?: string;
  reason: string;
  /** Last day that it holds, as YYYY-MM-DD. */
  until?: string;
}

// `# stationmaster-ignore SM07: the base image has no curl`; `//` for the languages that write comments so.
const COMMENT = /(?:#|\/\/|\{\{\/\*)\s*stationmaster-ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*:\s*(\S.*)$/;

/** The reason given in a comment on the line of a finding or on the comment lines directly above it. */
export function reasonInComment(
  { lines }: LintFile,
  { rule, line }: Pick<Finding, "rule" | "line">,
): string | undefined {
  for (let at = line; at > 0; at -= 1) {
    const text = lines[at - 1] ?? "";
    const [, rules = "", reason] = COMMENT.exec(text) ?? [];
    if (reason && rules.split(/\s*,\s*/).includes(rule)) return reason.replace(/\s*\*\/\}\}$/, "").trim();
    if (at < line && !/^\s*(?:#|\/\/|\{\{\/\*)/.test(text)) return undefined;
  }
  return undefined;
}
