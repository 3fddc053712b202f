import colors from "picocolors";
import type { LintReport } from "../contract/lint.ts";
import { plural } from "../core/plural.ts";
import { printable } from "../core/text.ts";
import type { Finding, Severity } from "../lint/finding.ts";
import type { FixedFile } from "../lint/fix.ts";
import type { Rule } from "../lint/rule.ts";
import type { ToolOutcome } from "../lint/tools/run-tools.ts";

const COLOURS: Record<Severity, (text: string) => string> = {
  error: colors.red,
  warning: colors.yellow,
  note: colors.dim,
};
/** GitHub's words for them. */
const ANNOTATIONS: Record<Severity, string> = { error: "error", warning: "warning", note: "notice" };

/** Findings for people: file by file, then how many, and what to do about them. */
export function checkLines(findings: readonly Finding[], fixed: readonly FixedFile[]): string[] {
  const open = findings.filter(({ suppressed }) => !suppressed);
  const width = Math.max(0, ...open.map(({ rule }) => rule.length));
  const files = [...Map.groupBy(open, ({ file }) => file)].flatMap(([file, own]) => [
    colors.bold(printable(file)),
    ...own.map(
      ({ line, severity, rule, message, fix }) =>
        `  ${String(line).padStart(4)}  ${COLOURS[severity](severity.padEnd(7))}  ${rule.padEnd(width)}  ${printable(message)}${fix ? colors.dim(" [--fix]") : ""}`,
    ),
    "",
  ]);
  return [...fixedLines(fixed), ...files, ...closing(findings, open)];
}

/** What each program did: one that could not look never counts as passed. */
export function toolLines(outcomes: readonly ToolOutcome[]): string[] {
  const lines = outcomes.map(
    ({ tool, path, state, reason }) => `${tool} ${printable(path)}: ${state}${reason ? `, ${printable(reason)}` : ""}`,
  );
  // Of a file with several scripts each would say the same.
  return [...new Set(lines)];
}

function fixedLines(fixed: readonly FixedFile[]): string[] {
  return fixed.flatMap(({ path, fixes }) => [
    `${colors.green("fixed")} ${printable(path)}`,
    ...fixes.map(({ rule, line, description }) => `  ${String(line).padStart(4)}  ${rule}  ${printable(description)}`),
    "",
  ]);
}

function closing(findings: readonly Finding[], open: readonly Finding[]): string[] {
  const count = (severity: Severity) => open.filter((finding) => finding.severity === severity).length;
  const parts = (["error", "warning", "note"] as const).flatMap((severity) =>
    count(severity) > 0 ? [plural(count(severity), severity)] : [],
  );
  const suppressed = findings.length - open.length;
  const fixable = open.filter(({ fix }) => fix).length;
  const [first] = open;
  return [
    [
      parts.length === 0 ? "nothing found" : parts.join(", "),
      ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
      ...(fixable > 0 ? [`${fixable} can be mended by --fix`] : []),
    ].join("; "),
    ...(first
      ? [
          `to keep something as it is, say why above its line: # stationmaster-ignore ${first.rule}: reason (or generate.suppress in stationmaster.yaml)`,
        ]
      : []),
  ];
}

/** Findings as `check --json` tells them. */
export function checkReport(findings: readonly Finding[], fixed: readonly FixedFile[]): LintReport {
  return {
    findings: findings.map(({ rule, severity, file, line, column = null, message, fix, suppressed = null }) => ({
      rule,
      severity,
      file,
      line,
      column,
      message,
      fix: fix?.description ?? null,
      suppressed,
    })),
    fixed: fixed.flatMap(({ path, fixes }) => fixes.map((fix) => ({ ...fix, file: path }))),
  };
}

/** Findings as commands of GitHub Actions, which shows them beside the lines of a change; `prefix` leads from the repository to the files. */
export function annotations(findings: readonly Finding[], prefix: string): string[] {
  return findings
    .filter(({ suppressed }) => !suppressed)
    .map(({ rule, severity, file, line, column, endLine, message }) => {
      const properties = Object.entries({ file: prefix + file, line, col: column, endLine, title: rule })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${escaped(String(value), true)}`);
      return `::${ANNOTATIONS[severity]} ${properties.join(",")}::${escaped(message, false)}`;
    });
}

/** Rules as a list for people. */
export function ruleLines(rules: readonly Rule[]): string[] {
  return rules.map(
    ({ id, severity, title, origins }) =>
      `${id}  ${severity.padEnd(7)}  ${title}${origins.length > 0 ? colors.dim(` [${origins.join(", ")}]`) : ""}`,
  );
}

function escaped(text: string, property: boolean): string {
  const plain = printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return property ? plain.replaceAll(":", "%3A").replaceAll(",", "%2C") : plain;
}
