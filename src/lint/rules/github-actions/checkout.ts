import { type Document, recordAt } from "../../../formats/document.ts";
import type { Fix } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import { complain, linesBefore } from "../places.ts";
import { inputOf, type Step, stepsOf, stepUses } from "./workflow.ts";

const USES_GIT =
  /\bgit\s+(?:-\S+\s+(?:\S+\s+)?)*(?:push|pull|fetch|submodule|lfs|ls-remote)\b|\bgh\s+pr\s+checkout\b|semantic-release|changeset\s+(?:publish|tag)|lerna\s+(?:publish|version)|mkdocs\s+gh-deploy|mike\s+deploy/;
/** Actions that push with what the checkout left. */
const PUSHES =
  /^(?:stefanzweifel\/git-auto-commit-action|ad-m\/github-push-action|peter-evans\/create-pull-request|jamesives\/github-pages-deploy-action|endbug\/add-and-commit|changesets\/action|cycjimmy\/semantic-release-action|google-github-actions\/release-please-action|googleapis\/release-please-action|mathieudutour\/github-tag-action|anothrnick\/github-tag-action|actions-js\/push|lorenzocorallo\/.*|helm\/chart-releaser-action|lewagon\/.*|pre-commit-ci\/.*|autofix-ci\/action|planetscale\/ghcommit-action)$/;
/** Actions that need no credentials in the working copy. */
const INDIFFERENT =
  /^(?:actions\/(?:checkout|setup-[\w-]+|cache|upload-artifact|download-artifact)|pnpm\/action-setup|astral-sh\/setup-uv|docker\/[\w-]+|ruby\/setup-ruby|gradle\/actions|dtolnay\/rust-toolchain|swatinem\/rust-cache|oven-sh\/setup-bun|denoland\/setup-deno|codecov\/codecov-action)$/;

/** SM21 */
export const checkout: Rule = {
  id: "SM21",
  title: "checkouts do not keep the token",
  help: "The token does not lie in the working copy, where every later step and every artifact of it could take it.",
  severity: "warning",
  origins: ["artipacked"],
  kinds: ["github-actions"],
  fixable: true,
  check(file) {
    const found = stepsOf(file);
    if (!found) return [];
    const { document, steps } = found;
    return steps.flatMap((step) => {
      if (!stepUses(step, "actions/checkout") || inputOf(step, "persist-credentials") !== undefined) return [];
      const after = laterIn(steps, step);
      if (after.some(pushes)) return [];
      const fix = after.every(isIndifferent) ? fixFor(file, document, step) : undefined;
      const message = "the token stays in .git/config for all later steps: add `persist-credentials: false`";
      return [complain(document, [...step.path, "uses"], message, fix ? { fix } : {})];
    });
  },
};

function laterIn(steps: readonly Step[], step: Step): Step[] {
  return steps.slice(steps.indexOf(step) + 1).filter(({ job }) => job === step.job);
}

function pushes({ run, uses }: Step): boolean {
  if (run !== undefined) return USES_GIT.test(run);
  return uses?.kind === "repository" && PUSHES.test(uses.name);
}

function isIndifferent({ run, uses }: Step): boolean {
  if (run !== undefined) return !/\b(?:git|gh|release|publish|deploy|version|docs)\b/.test(run);
  return uses?.kind === "repository" && INDIFFERENT.test(uses.name);
}

function fixFor(file: LintFile, document: Document, { path, value }: Step): Fix | undefined {
  const uses = document.place([...path, "uses"]);
  if (!uses || !/^\s*(?:-\s+)?$/.test((file.lines[uses.line - 1] ?? "").slice(0, uses.column - 1))) return undefined;
  const indent = " ".repeat(uses.column - 1);
  if (value.with === undefined)
    return edit(file, uses.line + 1, `${indent}with:\n${indent}  persist-credentials: false\n`);
  const [name = ""] = Object.keys(recordAt(value, ["with"]));
  const first = document.place([...path, "with", name]);
  // Only below a `with:` of the block form.
  if (!first || (file.lines[first.line - 2] ?? "").trim() !== "with:") return undefined;
  return edit(file, first.line, `${" ".repeat(first.column - 1)}persist-credentials: false\n`);
}

function edit(file: LintFile, line: number, text: string): Fix {
  return { description: "do not keep the token in the working copy", edits: [linesBefore(file, line, text)] };
}
