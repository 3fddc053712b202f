import type { Complaint } from "../finding.ts";
import type { FileKind } from "../kinds.ts";
import type { LintFile } from "../lint-file.ts";
import type { RuleContext } from "../rule.ts";

/** A foreign judge of a kind of files: a schema or a parser. Its complaints are errors unless they say otherwise. */
export interface Validator {
  /** Rule id of its findings: `actionlint`, `compose-schema`, `kubernetes-schema`, `promql`, `hcl`. */
  id: string;
  kinds: readonly FileKind[];
  validate(file: LintFile, context: RuleContext): Promise<Complaint[]>;
}
