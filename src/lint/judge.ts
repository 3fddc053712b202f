import type { Complaint, Severity } from "./finding.ts";
import type { LintFile } from "./lint-file.ts";
import { RULES } from "./registry.ts";
import type { RuleContext } from "./rule.ts";
import { VALIDATORS } from "./validators/registry.ts";

/** A complaint with whose it is and how grave. */
export type Judged = Complaint & { rule: string; severity: Severity };

/** What rules and validators say of one file. */
export async function judge(file: LintFile, context: RuleContext): Promise<Judged[]> {
  return [...unreadable(file), ...ruled(file, context), ...(await validated(file, context))];
}

/** YAML and JSON that nobody can read. Templates are none yet; the judge of workflows says it itself. */
function unreadable(file: LintFile): Judged[] {
  if (file.kind === "helm" || file.kind === "github-actions" || /\{\{(?!\s*\$)/.test(file.text)) return [];
  return file
    .documents()
    .flatMap(({ problems }) => problems.slice(0, 1))
    .map((problem) => ({
      ...problem,
      message: `cannot be read: ${problem.message}`,
      rule: "unreadable",
      severity: "error",
    }));
}

function ruled(file: LintFile, context: RuleContext): Judged[] {
  return RULES.filter(({ kinds }) => kinds.includes(file.kind)).flatMap((rule) => {
    try {
      return rule
        .check(file, context)
        .map((complaint) => ({ ...complaint, rule: rule.id, severity: complaint.severity ?? rule.severity }));
    } catch (error) {
      return [bug(rule.id, error)];
    }
  });
}

async function validated(file: LintFile, context: RuleContext): Promise<Judged[]> {
  const found: Judged[] = [];
  for (const { id, kinds, validate } of VALIDATORS) {
    if (!kinds.includes(file.kind)) continue;
    try {
      const complaints = await validate(file, context);
      found.push(
        ...complaints.map((complaint) => ({ ...complaint, rule: id, severity: complaint.severity ?? "error" })),
      );
    } catch (error) {
      found.push(bug(id, error));
    }
  }
  return found;
}

/** A rule that failed is a fault of ours: what it would have said stays unknown, and that is told. */
function bug(rule: string, error: unknown): Judged {
  const why = error instanceof Error ? error.message : String(error);
  return {
    rule: "bug",
    severity: "warning",
    message: `${rule} could not judge this file: ${why}; please report it`,
    line: 1,
    column: 1,
  };
}
