import { type Document, recordAt, stringAt } from "../../../formats/document.ts";
import { imageName } from "../../../formats/image-name.ts";
import type { Complaint, Fix } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import { complain, linesBefore } from "../places.ts";
import { conditions } from "./conditions.ts";
import { type Job, workflowOf } from "./workflow.ts";

/** SM28 */
export const runs: Rule = {
  id: "SM28",
  title: "jobs have a time limit, images a digest, conditions a meaning",
  help: "A job ends, on known images, under the condition that was meant.",
  severity: "warning",
  origins: ["unpinned-images", "unsound-condition", "unsound-contains"],
  kinds: ["github-actions"],
  fixable: true,
  check(file) {
    const workflow = workflowOf(file);
    const { document, jobs } = workflow ?? {};
    const ofJobs = document
      ? (jobs ?? []).flatMap((job) => [...unlimited(file, document, job), ...images(document, job)])
      : [];
    return [...ofJobs, ...conditions(file)];
  },
};

// What GitHub gives a job that says nothing.
const DEFAULT_HOURS = 6;
const LIMIT_MINUTES = 60;

function unlimited(file: LintFile, document: Document, { path, value, calls, steps }: Job): Complaint[] {
  // A job that calls a workflow cannot have a limit of its own.
  if (calls || value["timeout-minutes"] !== undefined || steps.length === 0) return [];
  if (steps.every((step) => step.value["timeout-minutes"] !== undefined)) return [];
  const message = `a job that hangs runs for ${DEFAULT_HOURS} hours: add \`timeout-minutes\``;
  const fix = limited(file, document.place([...path, "runs-on"]));
  return [complain(document, path, message, fix ? { fix } : {})];
}

function limited(file: LintFile, place: { line: number; column: number } | undefined): Fix | undefined {
  if (!place || (file.lines[place.line - 1] ?? "").slice(0, place.column - 1).trim() !== "") return undefined;
  const text = `${" ".repeat(place.column - 1)}timeout-minutes: ${LIMIT_MINUTES}\n`;
  return { description: `end the job after ${LIMIT_MINUTES} minutes`, edits: [linesBefore(file, place.line, text)] };
}

function images(document: Document, { path, value }: Job): Complaint[] {
  const container = stringAt(value, ["container"]) === undefined ? ["container", "image"] : ["container"];
  const services = Object.keys(recordAt(value, ["services"])).map((name) => ["services", name, "image"]);
  return [container, ...services].flatMap((at) => {
    const image = stringAt(value, at);
    const name = imageName(image ?? "");
    if (!name || name.open || name.digest !== undefined) return [];
    const moving = name.tag === undefined || name.tag === "latest";
    const message = moving
      ? `${image} is whatever was pushed last: name a version and its digest`
      : `${image} may change: add its digest, \`@sha256:…\``;
    return [complain(document, [...path, ...at], message, { severity: moving ? "warning" : "note" })];
  });
}
