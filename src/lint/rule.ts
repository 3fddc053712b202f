import type { Tree } from "../formats/tree.ts";
import type { Complaint, Severity } from "./finding.ts";
import type { FileKind } from "./kinds.ts";
import type { LintFile } from "./lint-file.ts";

/** What is known of a service that files are compared with. */
export interface ExpectedService {
  name: string;
  /** Folder from the root; `.` is the root. */
  path: string;
  /** Whether requests reach it. */
  network: boolean;
  port: number | null;
  health: string | null;
  packageManager: string | null;
  runtime: string | null;
  /** Names of the variables it reads. */
  env: readonly { name: string; class: string }[];
  /** Names of the metrics that its code makes; left out where nobody looked. */
  metrics?: readonly string[];
}

/** What rules may look at beside the file. */
export interface RuleContext {
  /** All files below the root of the check. */
  tree: Tree;
  /** All files that are checked, by their kinds. */
  files: readonly LintFile[];
  /** From the plan or, without one, from facts; empty where nothing is known. */
  services: readonly ExpectedService[];
}

/** One rule about one or more kinds of files. */
export interface Rule {
  /** `SM01` to `SM60`. */
  id: string;
  title: string;
  /** Why, and what to do: for those who do not know the rule. */
  help?: string;
  severity: Severity;
  /** Number of the CIS benchmark that asks for it, such as `docker 4.1`. */
  cis?: string;
  /** Ids of the same rule in other tools, for people who know those. */
  origins: readonly string[];
  kinds: readonly FileKind[];
  /** Whether `--fix` mends cases of it. */
  fixable?: true;
  check(file: LintFile, context: RuleContext): Complaint[];
}
