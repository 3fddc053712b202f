import { isRecord, recordAt } from "../../../formats/document.ts";
import type { Complaint, Fix } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import { complain, linesBefore, placeOf } from "../places.ts";
import { isOnlyCalled } from "./jobs.ts";
import { type Workflow, workflowOf } from "./workflow.ts";

/** SM19 */
export const permissions: Rule = {
  id: "SM19",
  title: "the token of workflows has few rights, raised per job",
  help: "The token of a run can do no more than its jobs need.",
  severity: "warning",
  origins: ["excessive-permissions", "CKV2_GHA_1"],
  kinds: ["github-actions"],
  fixable: true,
  check(file) {
    const workflow = workflowOf(file);
    return workflow ? [...ofWorkflow(file, workflow), ...ofJobs(workflow)] : [];
  },
};

function ofWorkflow(file: LintFile, workflow: Workflow): Complaint[] {
  const { document, value, jobs } = workflow;
  const given = value.permissions;
  if (given === undefined) {
    const open = jobs.filter((job) => job.value.permissions === undefined);
    if (open.length === 0 || isOnlyCalled(workflow)) return [];
    const which = open.length === jobs.length ? "" : ` (of ${open.map(({ id }) => id).join(", ")})`;
    const message = `the token${which} has the rights the repository gives by default: add \`permissions: { contents: read }\` at the top and raise single jobs`;
    return [complain(document, ["jobs"], message, withFix(reading(file, workflow)))];
  }
  if (given === "write-all")
    return [complain(document, ["permissions"], "`write-all` gives every right: list the scopes that the jobs need")];
  if (given === "read-all")
    return [
      complain(document, ["permissions"], "`read-all` reads everything: `contents: read` is enough for most jobs", {
        severity: "note",
      }),
    ];
  // With a single job it makes no difference where its rights stand.
  if (jobs.length < 2) return [];
  return Object.entries(recordAt(given))
    .filter(([, level]) => level === "write")
    .map(([scope]) =>
      complain(document, ["permissions", scope], `all jobs get \`${scope}: write\`: move it to the jobs that need it`),
    );
}

function ofJobs({ document, jobs }: Workflow): Complaint[] {
  return jobs
    .filter(({ value }) => value.permissions === "write-all")
    .map(({ path }) =>
      complain(document, [...path, "permissions"], "`write-all` gives every right: list the scopes this job needs"),
    );
}

const READING =
  /^(?:actions\/(?:checkout|cache|setup-[\w-]+|upload-artifact|download-artifact)|pnpm\/action-setup|astral-sh\/setup-uv|ruby\/setup-ruby|gradle\/actions|dtolnay\/rust-toolchain|swatinem\/rust-cache|oven-sh\/setup-bun|denoland\/setup-deno|hashicorp\/setup-terraform|erlef\/setup-beam|shivammathur\/setup-php|docker\/setup-(?:buildx|qemu)-action)$/;
const MAY_WRITE = /GITHUB_TOKEN|github\.token|\bgh\s|\bgit\s+push\b|\bnpm\s+publish\b/;

/** Read rights at the top, where all steps are known to need no more. */
function reading(file: LintFile, { document, jobs }: Workflow): Fix | undefined {
  const known = jobs.every(
    ({ steps, calls }) =>
      !calls && steps.every(({ uses }) => !uses || (uses.kind === "repository" && READING.test(uses.name))),
  );
  const { line, column } = placeOf(document, ["jobs"]);
  if (!known || MAY_WRITE.test(file.text) || column !== 1 || !isRecord(document.value)) return undefined;
  // What is said about the jobs stays above them.
  let first = line;
  while (file.lines[first - 2]?.startsWith("#")) first -= 1;
  const edit = linesBefore(file, first === 1 ? line : first, "permissions:\n  contents: read\n\n");
  return { description: "give the token read rights only", edits: [edit] };
}

function withFix(fix: Fix | undefined): { fix?: Fix } {
  return fix ? { fix } : {};
}
