import { type Document, type Path, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import { complain, placeOf } from "../places.ts";
import { environmentFiles } from "./environment-files.ts";
import { embeddedIn } from "./expression.ts";
import { flowsOf } from "./flow.ts";
import { authorOf } from "./untrusted.ts";
import { actionOf, inputOf, type Step, stepsOf, type Workflow, workflowOf } from "./workflow.ts";

/** SM22 */
export const injection: Rule = {
  id: "SM22",
  title: "no text from outside becomes code or environment of a job",
  help: "Text of others is data for a script, never a part of it.",
  severity: "error",
  origins: ["template-injection", "github-env", "insecure-commands", "CKV_GHA_1", "CKV_GHA_2"],
  kinds: ["github-actions"],
  check(file) {
    const found = stepsOf(file);
    if (!found) return [];
    const workflow = workflowOf(file);
    const scripts = found.steps.flatMap((step) =>
      scriptsOf(step).flatMap((script) => injected(file, found.document, { step, script, workflow })),
    );
    return [...scripts, ...environmentFiles(found.document, found.steps, workflow)];
  },
};

interface Script {
  path: Path;
  text: string;
  /** How it may ask for the value instead. */
  instead: string;
}

/** Inputs of actions that are run as code. */
const CODE_INPUTS: Record<string, readonly string[]> = {
  "actions/github-script": ["script"],
  "azure/cli": ["inlineScript"],
  "azure/powershell": ["inlineScript"],
  "appleboy/ssh-action": ["script"],
  "nick-fields/retry": ["command"],
  "addnab/docker-run-action": ["run"],
  "jannekem/run-python-script-action": ["script"],
};

function scriptsOf(step: Step): Script[] {
  if (step.run !== undefined)
    return [
      { path: [...step.path, "run"], text: step.run, instead: 'give it to the step in `env:` and write "$NAME"' },
    ];
  if (step.uses?.kind !== "repository") return [];
  return (CODE_INPUTS[step.uses.name] ?? []).flatMap((name) => {
    const text = inputOf(step, name);
    const instead = "give it to the step in `env:` and read it there";
    return typeof text === "string" ? [{ path: [...step.path, "with", name], text, instead }] : [];
  });
}

interface Where {
  step: Step;
  script: Script;
  workflow: Workflow | undefined;
}

function injected(file: LintFile, document: Document, { step, script, workflow }: Where): Complaint[] {
  const seen = new Set<string>();
  return embeddedIn(script.text).flatMap(({ raw, expression }) => {
    const danger = flowsOf(expression)
      .map(({ path, whole }) => dangerOf({ path, whole }, step, workflow, file))
      .find((found) => found !== undefined);
    if (!danger || seen.has(raw)) return [];
    seen.add(raw);
    const message = `${raw} ${danger.why}, and stands in a script: ${script.instead}`;
    return [{ ...placeOfText(file, document, script.path, raw), message, severity: danger.severity }];
  });
}

interface Danger {
  why: string;
  severity: Complaint["severity"] & string;
}

const ANYBODY: Danger = { why: "is text that anybody can write", severity: "error" };

function dangerOf(
  flow: { path: string; whole: boolean },
  step: Step,
  workflow: Workflow | undefined,
  file: LintFile,
): Danger | undefined {
  const author = authorOf(flow);
  if (author === "anybody") return ANYBODY;
  if (author === "writer") return { why: "is text of whoever starts it", severity: "note" };
  const [root = "", name = ""] = flow.path.split(".");
  if (root === "env") return fromEnvironment(name, step, workflow) ? ANYBODY : undefined;
  if (root === "steps")
    return changedFiles(flow.path, step, workflow)
      ? { why: "holds names of files, which anybody can choose", severity: "warning" }
      : undefined;
  const input = flow.path.replace(/^github\.event\.inputs\./, "inputs.");
  return input.startsWith("inputs.") ? inputDanger(input.slice("inputs.".length), workflow, file) : undefined;
}

/** A variable whose own value is text of others is no safer than the text. */
function fromEnvironment(name: string, step: Step, workflow: Workflow | undefined): boolean {
  const levels = [step.value, step.job?.value, workflow?.value];
  const value = levels
    .flatMap((level) => Object.entries(recordAt(level, ["env"])))
    .find(([key]) => key.toLowerCase() === name)?.[1];
  if (typeof value !== "string") return false;
  return embeddedIn(value).some(({ expression }) => flowsOf(expression).some((flow) => authorOf(flow) === "anybody"));
}

function changedFiles(path: string, step: Step, workflow: Workflow | undefined): boolean {
  const [, id, , output = ""] = path.split(".");
  const source = (step.job?.steps ?? []).find(({ value }) => stringAt(value, ["id"])?.toLowerCase() === id);
  if (!workflow || source?.uses?.kind !== "repository") return false;
  return (
    (/^(?:tj-actions|step-security)\/changed-files$/.test(source.uses.name) && /files$/.test(output)) ||
    (source.uses.name === "dorny/paths-filter" && /_files$/.test(output))
  );
}

const SAFE_TYPES = new Set(["boolean", "number", "choice", "environment"]);

/** Inputs of a started workflow come from people who may write; those of a called one from wherever its caller has them. */
function inputDanger(name: string, workflow: Workflow | undefined, file: LintFile): Danger | undefined {
  const typeIn = (event: string) => {
    const inputs = Object.entries(recordAt(workflow?.triggers.get(event), ["inputs"]));
    const found = inputs.find(([key]) => key.toLowerCase() === name)?.[1];
    return found === undefined ? undefined : (stringAt(found, ["type"]) ?? "string");
  };
  const called = actionOf(file) ? "string" : typeIn("workflow_call");
  if (called !== undefined && !SAFE_TYPES.has(called)) return { why: "is text of the caller", severity: "warning" };
  const started = typeIn("workflow_dispatch");
  if (started === undefined || SAFE_TYPES.has(started)) return undefined;
  return { why: "is text of whoever starts it", severity: "note" };
}

/** The line of a script on which a piece of it stands. */
function placeOfText(file: LintFile, document: Document, path: Path, piece: string) {
  const start = placeOf(document, path);
  const [first = ""] = piece.split("\n");
  for (let line = start.line; line <= file.lines.length && line < start.line + 500; line += 1) {
    const column = (file.lines[line - 1] ?? "").indexOf(first, line === start.line ? start.column - 1 : 0);
    if (column !== -1) return { line, column: column + 1 };
  }
  return complain(document, path, "");
}
