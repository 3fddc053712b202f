import { type Document, recordAt, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import { complain } from "../places.ts";
import { embeddedIn } from "./expression.ts";
import { flowsOf } from "./flow.ts";
import { authorOf } from "./untrusted.ts";
import type { Step, Workflow } from "./workflow.ts";

const WRITES =
  />>?\s*["']?\$\{?(?:env:)?GITHUB_(?:ENV|PATH)\b|\btee\s+(?:-a\s+)?["']?\$\{?GITHUB_(?:ENV|PATH)\b|Out-File\b.*\$env:GITHUB_(?:ENV|PATH)\b/i;
const OWN_CODE = new Set(["pull_request_target", "workflow_run"]);

/** Lines of scripts that put text of others into the environment of all later steps. */
export function environmentFiles(
  document: Document,
  steps: readonly Step[],
  workflow: Workflow | undefined,
): Complaint[] {
  const dangerous = [...(workflow?.triggers.keys() ?? [])].some((event) => OWN_CODE.has(event));
  return [...unsafeCommands(document, steps, workflow), ...steps.flatMap((step) => written(document, step, dangerous))];
}

function written(document: Document, step: Step, dangerous: boolean): Complaint[] {
  const line = step.run
    ?.split("\n")
    .find((text) => WRITES.test(text) && (takesText(text, step) || (dangerous && readsFile(text))));
  if (line === undefined) return [];
  const message = `\`${line.trim()}\` lets others set variables of later steps: hand the value on as an output, or check its form first`;
  return [complain(document, [...step.path, "run"], message)];
}

/** Whether the line writes a variable of the step whose value is text of others. */
function takesText(line: string, step: Step): boolean {
  return Object.entries(recordAt(step.value, ["env"])).some(
    ([name, value]) =>
      typeof value === "string" &&
      new RegExp(`\\$(?:env:)?\\{?${name.replace(/\W/g, "")}\\b`).test(line) &&
      embeddedIn(value).some(({ expression }) => flowsOf(expression).some((flow) => authorOf(flow) === "anybody")),
  );
}

/** Whether the line writes what it finds in a file: of the pull request, where the workflow is started for one. */
function readsFile(line: string): boolean {
  return /\$\(\s*(?:cat|<|head|jq|grep|sed)\b|^\s*cat\s|`cat\b/.test(line);
}

function unsafeCommands(document: Document, steps: readonly Step[], workflow: Workflow | undefined): Complaint[] {
  const NAME = "ACTIONS_ALLOW_UNSECURE_COMMANDS";
  const places = [{ path: [], value: workflow?.value ?? {} }, ...(workflow?.jobs ?? []), ...steps];
  return places.flatMap(({ path, value }) =>
    stringAt(recordAt(value, ["env"]), [NAME]) === "true" || recordAt(value, ["env"])[NAME] === true
      ? [complain(document, [...path, "env", NAME], `${NAME} lets any output of a step set variables: remove it`)]
      : [],
  );
}
