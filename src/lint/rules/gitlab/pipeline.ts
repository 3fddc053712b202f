import { type Document, isRecord, listAt, type Path, recordAt, stringAt } from "../../../formats/document.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";

export interface PipelineJob {
  name: string;
  path: Path;
  /** As it is written. */
  value: Record<string, unknown>;
  /** With what it extends; `open` where a part of that lies in a file that is not here. */
  settings: Record<string, unknown>;
  open: boolean;
  hidden: boolean;
}

export interface Pipeline {
  document: Document;
  value: Record<string, unknown>;
  jobs: PipelineJob[];
  /** Whether other files are read too. */
  includes: boolean;
  /** The file GitLab begins with, not one it includes. */
  root: boolean;
}

/** Keys at the top that are no jobs. */
const RESERVED = new Set([
  "stages",
  "types",
  "variables",
  "workflow",
  "default",
  "include",
  "spec",
  "image",
  "services",
  "cache",
  "before_script",
  "after_script",
]);
const MOST_PARENTS = 10;

/** The pipeline in a file; undefined for what cannot be read. */
export function pipelineOf(file: LintFile, context: Pick<RuleContext, "files">): Pipeline | undefined {
  // A header (`spec:`) stands in a document of its own.
  const document = file.documents().at(-1);
  if (!document || !isRecord(document.value)) return undefined;
  const { value } = document;
  const known = new Map<string, Record<string, unknown>>();
  for (const other of context.files)
    if (other.kind === "gitlab-ci")
      for (const { value: all } of other.documents())
        for (const [name, job] of Object.entries(recordAt(all))) if (isRecord(job)) known.set(name, job);
  const jobs = Object.entries(value).flatMap(([name, job]) => {
    if (RESERVED.has(name) || !isRecord(job)) return [];
    return [{ name, path: [name], value: job, hidden: name.startsWith("."), ...extended(job, known, 0) }];
  });
  return {
    document,
    value,
    jobs,
    includes: value.include !== undefined,
    root: /(?:^|\/)\.gitlab-ci\.ya?ml$/.test(file.path),
  };
}

function extended(
  job: Record<string, unknown>,
  known: ReadonlyMap<string, Record<string, unknown>>,
  depth: number,
): { settings: Record<string, unknown>; open: boolean } {
  const names = parentsOf(job);
  const parents = names.map((name) => {
    const parent = known.get(name);
    return parent && depth < MOST_PARENTS ? extended(parent, known, depth + 1) : { settings: {}, open: true };
  });
  return {
    settings: Object.assign({}, ...parents.map(({ settings }) => settings), job),
    open: parents.some(({ open }) => open),
  };
}

/** The jobs a job extends. */
export function parentsOf(job: Record<string, unknown>): string[] {
  const { extends: names } = job;
  return (typeof names === "string" ? [names] : listAt(names)).filter((name) => typeof name === "string");
}

/** The environment a job brings a release to; undefined for those that only stop or prepare one. */
export function deployedTo({ settings }: PipelineJob): string | undefined {
  const action = stringAt(settings, ["environment", "action"]) ?? "start";
  const name = stringAt(settings, ["environment"]) ?? stringAt(settings, ["environment", "name"]);
  return action === "start" ? name : undefined;
}
