import { type Document, isRecord, listAt, type Path, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import type { LintFile } from "../../lint-file.ts";
import { parseUses, type Uses } from "./uses.ts";

/** A step of a job, or of a composite action. */
export interface Step {
  path: Path;
  value: Record<string, unknown>;
  uses: Uses | undefined;
  run: string | undefined;
  job: Job | undefined;
}

export interface Job {
  id: string;
  path: Path;
  value: Record<string, unknown>;
  steps: Step[];
  needs: string[];
  /** The workflow it calls, where it has no steps of its own. */
  calls: Uses | undefined;
}

export interface Workflow {
  document: Document;
  value: Record<string, unknown>;
  /** By event; the value is its filters or null. */
  triggers: ReadonlyMap<string, unknown>;
  jobs: Job[];
}

export interface CompositeAction {
  document: Document;
  value: Record<string, unknown>;
  steps: Step[];
}

const workflows = new WeakMap<LintFile, Workflow | null>();

/** The workflow in a file; undefined for one that cannot be read and for the file of an action. */
export function workflowOf(file: LintFile): Workflow | undefined {
  const known = workflows.get(file);
  if (known !== undefined) return known ?? undefined;
  const found = readWorkflow(file);
  workflows.set(file, found ?? null);
  return found;
}

function readWorkflow(file: LintFile): Workflow | undefined {
  const [document] = file.documents();
  if (!document || !isRecord(document.value) || !isRecord(document.value.jobs)) return undefined;
  const { value } = document;
  const jobs = Object.entries(recordAt(value, ["jobs"])).flatMap(([id, job]) =>
    isRecord(job) ? [jobOf(id, job)] : [],
  );
  return { document, value, triggers: triggersOf(value), jobs };
}

/** The composite action in a file (`action.yml`); undefined for any other. */
export function actionOf(file: LintFile): CompositeAction | undefined {
  const [document] = file.documents();
  if (!document || stringAt(document.value, ["runs", "using"]) !== "composite") return undefined;
  const steps = listAt(document.value, ["runs", "steps"]).flatMap((step, index) =>
    isRecord(step) ? [stepOf(step, ["runs", "steps", index], undefined)] : [],
  );
  return { document, value: recordAt(document.value), steps };
}

/** All steps of a workflow or composite action, with the document they stand in. */
export function stepsOf(file: LintFile): { document: Document; steps: Step[] } | undefined {
  const workflow = workflowOf(file);
  if (workflow) return { document: workflow.document, steps: workflow.jobs.flatMap(({ steps }) => steps) };
  return actionOf(file);
}

function triggersOf(value: Record<string, unknown>): Map<string, unknown> {
  const { on } = value;
  if (typeof on === "string") return new Map([[on, null]]);
  if (Array.isArray(on)) return new Map(on.filter((event) => typeof event === "string").map((event) => [event, null]));
  return new Map(Object.entries(recordAt(on)));
}

function jobOf(id: string, value: Record<string, unknown>): Job {
  const uses = stringAt(value, ["uses"]);
  const needs = valueAt(value, ["needs"]);
  const job: Job = {
    id,
    path: ["jobs", id],
    value,
    steps: [],
    needs: (Array.isArray(needs) ? needs : [needs]).filter((need) => typeof need === "string"),
    calls: uses === undefined ? undefined : parseUses(uses),
  };
  job.steps = listAt(value, ["steps"]).flatMap((step, index) =>
    isRecord(step) ? [stepOf(step, [...job.path, "steps", index], job)] : [],
  );
  return job;
}

function stepOf(value: Record<string, unknown>, path: Path, job: Job | undefined): Step {
  const uses = stringAt(value, ["uses"]);
  return {
    path,
    value,
    job,
    uses: uses === undefined ? undefined : parseUses(uses),
    run: stringAt(value, ["run"]),
  };
}

/** Whether a step uses an action, such as `actions/checkout`. */
export function stepUses(step: Step, ...names: string[]): boolean {
  return step.uses?.kind === "repository" && names.includes(step.uses.name);
}

/** The input of a step by its name, whatever case it is written in. */
export function inputOf(step: Step, name: string): unknown {
  return Object.entries(recordAt(step.value, ["with"])).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
