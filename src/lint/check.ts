import type { Tree } from "../formats/tree.ts";
import type { Complaint, Finding, Severity } from "./finding.ts";
import { kindOf } from "./kinds.ts";
import { type LintFile, lintFile } from "./lint-file.ts";
import { RULES } from "./registry.ts";
import type { ExpectedService, RuleContext } from "./rule.ts";
import { reasonInComment, type Suppression } from "./suppressions.ts";
import { VALIDATORS } from "./validators/registry.ts";

export interface CheckOptions {
  tree: Tree;
  /** Only these files are judged; all of the tree by default. */
  only?: readonly string[];
  services?: readonly ExpectedService[];
  suppressions?: readonly Suppression[];
  /** Today as YYYY-MM-DD, for suppressions that end. */
  today: string;
}

/** Judges infrastructure files: rules, and the validators that need no program. Findings by file and line; suppressed ones say why. */
export async function checkFiles(options: CheckOptions): Promise<Finding[]> {
  const { tree, only = tree.paths, services = [] } = options;
  const all = filesOf(tree, tree.paths);
  const context: RuleContext = { tree, files: all, services };
  const chosen = new Set(only);
  const findings = await Promise.all(
    all
      .filter(({ path }) => chosen.has(path))
      .map(async (file) => [...ruleFindings(file, context), ...(await validated(file))]),
  );
  return findings.flat().toSorted(byPlace);
}

/** The files of a tree that some rule is about. */
export function filesOf(tree: Tree, paths: readonly string[]): LintFile[] {
  return paths.flatMap((path) => {
    const text = tree.text(path);
    const kind = text === undefined ? undefined : kindOf(path, text);
    return text === undefined || kind === undefined ? [] : [lintFile(path, kind, text)];
  });
}

function ruleFindings(file: LintFile, context: RuleContext): Finding[] {
  return RULES.filter(({ kinds }) => kinds.includes(file.kind)).flatMap((rule) =>
    rule.check(file, context).map((complaint) => findingOf(file, rule.id, rule.severity, complaint)),
  );
}

async function validated(file: LintFile): Promise<Finding[]> {
  const judges = VALIDATORS.filter(({ kinds }) => kinds.includes(file.kind));
  const found = await Promise.all(
    judges.map(async ({ id, validate }) =>
      (await validate(file)).map((complaint) => findingOf(file, id, "error", complaint)),
    ),
  );
  return found.flat();
}

function findingOf(file: LintFile, rule: string, severity: Severity, complaint: Complaint): Finding {
  const reason = reasonInComment(file, { rule, line: complaint.line });
  return {
    rule,
    severity,
    file: file.path,
    ...complaint,
    ...(reason === undefined ? {} : { suppressed: { reason, by: "comment" } }),
  };
}

function byPlace(a: Finding, b: Finding): number {
  return a.file.localeCompare(b.file) || a.line - b.line || a.rule.localeCompare(b.rule);
}
