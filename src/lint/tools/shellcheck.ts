import type { RunResult } from "../../exec/run.ts";
import { isRecord, listAt, stringAt } from "../../formats/document.ts";
import { folderOf } from "../../formats/tree.ts";
import type { Severity } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import type { RuleContext } from "../rule.ts";
import { embeddedIn } from "../rules/github-actions/expression.ts";
import { type Step, stepsOf, workflowOf } from "../rules/github-actions/workflow.ts";
import { placeOf } from "../rules/places.ts";
import { type Tool, type ToolComplaint, type ToolTarget, wordsOf } from "./tool.ts";

/** Checks that see variables and files of elsewhere, or what stands for an expression, as faults. */
const ELSEWHERE = "SC1090,SC1091,SC2043,SC2050,SC2153,SC2154,SC2157,SC2194";
const LEVELS: Record<string, Severity> = { error: "error", warning: "warning" };

/** `shellcheck` on scripts, and on the `run:` blocks of workflows. */
export const shellcheck: Tool = {
  id: "shellcheck",
  program: "shellcheck",
  targets: (context) => [
    ...scripts(context),
    ...context.files.filter(({ kind }) => kind === "github-actions").flatMap(runs),
  ],
};

function scripts({ tree }: RuleContext): ToolTarget[] {
  return tree.paths
    .filter((path) => /\.(?:sh|bash)$/.test(path))
    .map((path) => {
      const text = tree.text(path) ?? "";
      // Without a first line that says so it cannot tell which shell is meant.
      const shell = /^#!|^#\s*shellcheck\s+shell=/.test(text) ? [] : ["-s", path.endsWith(".bash") ? "bash" : "sh"];
      return {
        path,
        argv: ["-f", "json1", ...shell, "-e", ELSEWHERE, "-"],
        cwd: folderOf(path),
        stdin: text,
        read: (result) => comments(path, result, 0),
      };
    });
}

function runs(file: LintFile): ToolTarget[] {
  const found = stepsOf(file);
  if (!found) return [];
  return found.steps.flatMap((step) => {
    const shell = shellOf(file, step);
    if (step.run === undefined || (shell !== "bash" && shell !== "sh")) return [];
    const { line } = placeOf(found.document, [...step.path, "run"]);
    // The text of a block begins on the line below its key.
    const block = /:\s*[|>][\d+-]*\s*(?:#.*)?$/.test(file.lines[line - 1] ?? "");
    return [
      {
        path: file.path,
        argv: ["-f", "json1", "-s", shell, "-e", ELSEWHERE, "-"],
        cwd: folderOf(file.path),
        stdin: plain(step.run),
        read: (result) => comments(file.path, result, block ? line : line - 1),
      } satisfies ToolTarget,
    ];
  });
}

function shellOf(file: LintFile, step: Step): string {
  const own =
    stringAt(step.value, ["shell"]) ??
    stringAt(step.job?.value, ["defaults", "run", "shell"]) ??
    stringAt(workflowOf(file)?.value, ["defaults", "run", "shell"]);
  if (own !== undefined) return own.split(/\s/, 1)[0] ?? own;
  return /windows/i.test(JSON.stringify(step.job?.value["runs-on"] ?? "")) ? "pwsh" : "bash";
}

/** Expressions as a word of the same length, so that places stay. */
function plain(script: string): string {
  let text = script;
  for (const { raw, start, end } of embeddedIn(script))
    text = text.slice(0, start) + raw.replace(/[^\n]/g, "_") + text.slice(end);
  return text;
}

function comments(file: string, result: RunResult, above: number): ToolComplaint[] | { unable: string } {
  try {
    const answer: unknown = JSON.parse(result.stdout);
    return listAt(answer, ["comments"])
      .filter(isRecord)
      .map((item) => ({
        file,
        line: Number(item.line ?? 1) + above,
        column: Number(item.column ?? 1),
        message: `${item.message} (SC${item.code})`,
        severity: LEVELS[String(item.level)] ?? "note",
      }));
  } catch {
    return { unable: wordsOf(result) };
  }
}
