import type { RunResult } from "../../exec/run.ts";
import type { Complaint } from "../finding.ts";
import type { RuleContext } from "../rule.ts";

/** What a program says of a file. */
export interface ToolComplaint extends Complaint {
  file: string;
}

/** One thing a program looks at. */
export interface ToolTarget {
  /** File or folder, from the root. */
  path: string;
  /** Why it cannot be looked at here. */
  unable?: string;
  /** What has to run before; its failure means that nothing was checked. */
  before?: { argv: readonly string[]; failed: (result: RunResult) => string };
  /** Behind the name of the program. */
  argv: readonly string[];
  /** Folder it runs in, from the root. */
  cwd: string;
  stdin?: string;
  read(result: RunResult): ToolComplaint[] | { unable: string };
}

export interface ToolSetting {
  /** Whether programs may fetch what a file refers to. */
  network: boolean;
  /** Where providers of Terraform lie that were fetched before. */
  providers: string | undefined;
}

/** A judge that is a program of its own. */
export interface Tool {
  /** Rule id of its findings. */
  id: string;
  program: string;
  targets(context: RuleContext, setting: ToolSetting): ToolTarget[];
}

/** What a program printed, in one line that fits a message. */
export function wordsOf({ stdout, stderr }: RunResult, most = 300): string {
  return `${stderr}\n${stdout}`.replace(/\s+/g, " ").trim().slice(0, most);
}
