import picomatch from "picomatch";
import type { Complaint, Finding } from "./finding.ts";
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

/** A text without this word suppresses nothing. */
export const IGNORE = "stationmaster-ignore";
// `# stationmaster-ignore SM07: the base image has no curl`; the marks of the languages that write comments otherwise.
const LEAD = String.raw`(?:#|\/\/|--|;|\{\{-?\s*\/\*|<!--|\/\*)`;
const COMMENT = new RegExp(String.raw`${LEAD}\s*${IGNORE}\b[ \t]*([\w-]+(?:\s*,\s*[\w-]+)*)?\s*(?::\s*(.*))?$`);
const COMMENT_LINE = new RegExp(String.raw`^\s*${LEAD}`);
const COMMENT_END = /\s*(?:\*\/(?:\s*-?\}\})?|-->)\s*$/;

/** The reason given in a comment on the line of a finding or on the comment lines directly above it. */
export function reasonInComment(
  { lines, kind }: Pick<LintFile, "lines"> & { kind?: LintFile["kind"] },
  { rule, line }: Pick<Finding, "rule" | "line">,
): string | undefined {
  for (let at = line; at > 0; at -= 1) {
    const own = lines[at - 1] ?? "";
    const found = readComment(own);
    if (found?.reason && found.rules.includes(rule)) return found.reason;
    // The first line of an instruction that goes over several may have the comment above it.
    const continued = kind === "dockerfile" && /[\\`]\s*$/.test(lines[at - 2] ?? "");
    if (at < line && !COMMENT_LINE.test(own) && !(kind === "dockerfile" && /[\\`]\s*$/.test(own)) && !continued)
      return undefined;
  }
  return undefined;
}

/** Comments that were meant to suppress and do not: without a rule, without a reason, of a rule that nobody has. */
export function brokenComments({ lines }: Pick<LintFile, "lines">, isRule: (id: string) => boolean): Complaint[] {
  return lines.flatMap((line, index) => {
    const found = readComment(line);
    const unknown = found?.rules.find((id) => !isRule(id));
    const message = !found
      ? undefined
      : found.rules.length === 0
        ? `name the rule: ${IGNORE} SM07: why`
        : unknown !== undefined
          ? `there is no rule ${unknown}; stationmaster check --rules lists them`
          : found.reason === ""
            ? `a suppression needs a reason: ${IGNORE} ${found.rules.join(", ")}: why`
            : undefined;
    return message ? [{ message, line: index + 1, column: line.indexOf(IGNORE) + 1 }] : [];
  });
}

/** What the suppressions of the manifest say of findings, at a day: whether one holds, or one that ended would have. */
export function manifestSuppressor(
  suppressions: readonly Suppression[],
  today: string,
): (finding: Pick<Finding, "rule" | "file">) => { reason: string; ended?: string } | undefined {
  const known = suppressions.map((suppression) => ({
    ...suppression,
    matches: suppression.path === undefined ? () => true : picomatch(suppression.path, { dot: true }),
  }));
  return ({ rule, file }) => {
    const about = known.filter((suppression) => suppression.rule === rule && suppression.matches(file));
    const holds = about.find(({ until }) => until === undefined || until >= today);
    if (holds) return { reason: holds.reason };
    const ended = about[0];
    return ended?.until === undefined ? undefined : { reason: ended.reason, ended: ended.until };
  };
}

function readComment(line: string): { rules: string[]; reason: string } | undefined {
  if (!line.includes(IGNORE)) return undefined;
  const match = COMMENT.exec(line.replace(COMMENT_END, ""));
  if (!match) return undefined;
  const [, rules = "", reason = ""] = match;
  return { rules: rules === "" ? [] : rules.split(/\s*,\s*/), reason: reason.trim() };
}
