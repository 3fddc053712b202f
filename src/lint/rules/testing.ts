import { memoryTree } from "../../formats/tree.ts";
import type { Complaint } from "../finding.ts";
import { kindOf } from "../kinds.ts";
import { type LintFile, lintFile } from "../lint-file.ts";
import type { ExpectedService, Rule, RuleContext } from "../rule.ts";
import type { Validator } from "../validators/validator.ts";

/** The files of a tree in memory as rules see them. */
export function contextOf(
  files: Readonly<Record<string, string>>,
  services: readonly ExpectedService[] = [],
): RuleContext {
  const known = Object.entries(files).flatMap(([path, text]) => {
    const kind = kindOf(path, text);
    return kind ? [lintFile(path, kind, text)] : [];
  });
  return { tree: memoryTree(files), files: known, services };
}

/** A service that answers requests on port 3000. */
export function expectedService(given: Partial<ExpectedService> = {}): ExpectedService {
  return {
    name: "api",
    path: ".",
    network: true,
    port: 3000,
    health: null,
    packageManager: null,
    runtime: null,
    env: [],
    ...given,
  };
}

/** What rules say of files, one line each: `SM19 warning ci.yml:3 message`. */
export function judge(
  rules: readonly Rule[],
  files: Readonly<Record<string, string>>,
  services: readonly ExpectedService[] = [],
): string[] {
  const context = contextOf(files, services);
  return context.files.flatMap((file) =>
    rules
      .filter(({ kinds }) => kinds.includes(file.kind))
      .flatMap((rule) => rule.check(file, context).map((complaint) => lineOf(rule.id, rule.severity, file, complaint))),
  );
}

/** What a validator says of files, as `judge` does. */
export async function validated(
  validator: Validator,
  files: Readonly<Record<string, string>>,
  services: readonly ExpectedService[] = [],
): Promise<string[]> {
  const context = contextOf(files, services);
  const judged = context.files.filter(({ kind }) => validator.kinds.includes(kind));
  const found = await Promise.all(
    judged.map(async (file) =>
      (await validator.validate(file, context)).map((complaint) => lineOf(validator.id, "error", file, complaint)),
    ),
  );
  return found.flat();
}

/** The text of a file after all fixes that rules offer for it. */
export function mended(rules: readonly Rule[], path: string, text: string): string {
  const context = contextOf({ [path]: text });
  const edits = context.files
    .flatMap((file) => rules.flatMap((rule) => rule.check(file, context)))
    .flatMap(({ fix }) => fix?.edits ?? []);
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((at, edit) => at.slice(0, edit.start) + edit.text + at.slice(edit.end), text);
}

/** What is said of one file, without its name and the rule: `3 warning message`. */
export function about(path: string, lines: readonly string[]): string[] {
  return lines
    .filter((line) => line.includes(` ${path}:`))
    .map((line) => line.replace(/^\S+ (\S+) \S+:(\d+)/, "$2 $1"));
}

function lineOf(rule: string, severity: string, { path, lines }: LintFile, complaint: Complaint): string {
  if (complaint.line < 1 || complaint.line > lines.length + 1) throw new Error(`${rule}: no line ${complaint.line}`);
  return `${rule} ${complaint.severity ?? severity} ${path}:${complaint.line} ${complaint.message}`;
}
