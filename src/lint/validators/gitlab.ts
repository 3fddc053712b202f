import { z } from "zod";
import { listAt, recordAt, stringAt } from "../../formats/document.ts";
import type { Complaint } from "../finding.ts";
import { type Pipeline, type PipelineJob, parentsOf, pipelineOf } from "../rules/gitlab/pipeline.ts";
import { complain } from "../rules/places.ts";
import { schemaComplaints } from "./schema.ts";
import type { Validator } from "./validator.ts";

/** Almost everything may be `!reference [job, key]`, which is read as a list of names. */
const reference = z.array(z.string());
const or = <T extends z.ZodType>(schema: T, what: string) => z.union([schema, reference], what).nullish();

type Script = string | Script[];
const Script: z.ZodType<Script> = z.lazy(() =>
  z.union([z.string(), z.array(Script)], "a text, or a list of texts (quote lines with `: `)"),
);
const names = z.union([z.string(), z.array(z.union([z.string(), reference]))], "a name, or a list of names");
const loose = z.looseObject({});
const any = z.unknown().optional();
const Image = or(
  z.union([z.string(), z.looseObject({ name: z.string() })]),
  "the name of an image, or `name:` with it",
);
const Rules = z
  .array(
    z.union(
      [z.looseObject({ if: z.string().optional() }), z.string(), z.array(any)],
      "a rule with `if`, `changes`, `exists` or `when`",
    ),
  )
  .nullish();
const WHEN = ["on_success", "on_failure", "always", "manual", "delayed", "never"] as const;

const KEYS = {
  stage: or(z.string(), "the name of a stage"),
  script: Script.optional(),
  before_script: Script.nullish(),
  after_script: Script.nullish(),
  image: Image,
  services: z
    .array(
      z.union([z.string(), z.looseObject({ name: z.string() }), reference], "the name of an image, or `name:` with it"),
    )
    .nullish(),
  rules: Rules,
  only: any,
  except: any,
  needs: z.array(z.union([z.string(), loose, z.array(any)], "the name of a job")).nullish(),
  dependencies: z.array(z.union([z.string(), reference])).nullish(),
  artifacts: or(loose, "`paths`, `reports` and the like"),
  cache: z.union([loose, z.array(any)], "`key` and `paths`, or a list of such").nullish(),
  environment: z
    .union([z.string(), z.looseObject({ name: z.string().optional() }), reference], "a name, or `name:` with it")
    .nullish(),
  when: or(z.enum(WHEN, `one of ${WHEN.join(", ")}`), `one of ${WHEN.join(", ")}`),
  allow_failure: z.union([z.boolean(), loose], "true, false or exit codes").nullish(),
  retry: z.union([z.int().min(0, "0, 1 or 2").max(2, "0, 1 or 2"), loose], "0, 1, 2 or `max:` and `when:`").nullish(),
  timeout: or(z.string(), "a time, such as 30 minutes"),
  parallel: z
    .union([z.int().min(1, "1 to 200").max(200, "1 to 200"), loose, reference], "a number, or a `matrix`")
    .nullish(),
  trigger: z.union([z.string(), loose], "a project, or `include:` of a pipeline").nullish(),
  extends: names.nullish(),
  tags: z.array(any).nullish(),
  variables: z
    .union([z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), loose], "a text")), reference])
    .nullish(),
  coverage: or(
    z.string().regex(/^\/[\s\S]*\/$/, "a regular expression between slashes"),
    "a regular expression between slashes",
  ),
  interruptible: z.boolean("true or false").nullish(),
  resource_group: z.string().nullish(),
  release: any,
  secrets: any,
  id_tokens: any,
  inherit: any,
  hooks: any,
  start_in: any,
  run: any,
  pages: any,
  identity: any,
  manual_confirmation: any,
  publish: any,
  dast_configuration: any,
  inputs: any,
};
const Job = z.strictObject(KEYS);
// Hidden jobs may hold anything that others refer to.
const Template = z.looseObject(KEYS);
const Default = z.looseObject({
  image: Image,
  before_script: Script.nullish(),
  after_script: Script.nullish(),
  interruptible: KEYS.interruptible,
  retry: KEYS.retry,
});
const Top = z.looseObject({
  stages: z.array(z.union([z.string(), z.array(any)], "the name of a stage")).nullish(),
  default: Default.nullish(),
  workflow: z.looseObject({ rules: Rules, name: z.string().optional() }).nullish(),
  variables: KEYS.variables,
  image: Image,
  before_script: Script.nullish(),
  after_script: Script.nullish(),
});

/** `.gitlab-ci.yml` and what it includes of this repository. */
export const gitlabSchema: Validator = {
  id: "gitlab-schema",
  kinds: ["gitlab-ci"],
  validate: async (file, context) => {
    const pipeline = pipelineOf(file, context);
    if (!pipeline) return [];
    const { document, jobs, value } = pipeline;
    const top = schemaComplaints(document, Top, value);
    const own = jobs.flatMap((job) => {
      const schema = job.hidden ? Template : Job;
      return schemaComplaints(
        { ...document, place: (path) => document.place([...job.path, ...path]) },
        schema,
        job.value,
      );
    });
    return [...top, ...own, ...jobs.flatMap((job) => mixed(pipeline, job)), ...dangling(pipeline)];
  },
};

function mixed({ document }: Pipeline, { path, value, hidden }: PipelineJob): Complaint[] {
  const both = value.rules !== undefined && (value.only !== undefined || value.except !== undefined);
  return both && !hidden
    ? [
        complain(
          document,
          [...path, "rules"],
          "`rules` cannot stand beside `only` and `except`: move their conditions into it",
        ),
      ]
    : [];
}

/** What is named and does not exist; only where all of the pipeline is in this file. */
function dangling(pipeline: Pipeline): Complaint[] {
  const { document, jobs, includes, root, value } = pipeline;
  if (!root || includes) return [];
  const known = new Set(jobs.map(({ name }) => name));
  // `$[[ inputs.name ]]` is filled in before names are looked at.
  const isAbsent = (name: string | undefined): name is string =>
    name !== undefined && !name.includes("$[[") && !known.has(name);
  const isStage = stagesOf(value);
  return jobs.flatMap(({ path, value: job, settings, name, hidden, open }) => {
    const found = parentsOf(job)
      .filter(isAbsent)
      .map((parent) => complain(document, [...path, "extends"], `no job \`${parent}\` is here to extend`));
    if (hidden) return found;
    const { stage } = settings;
    if (typeof stage === "string" && !isStage(stage))
      found.push(complain(document, [...path, "stage"], `stage \`${stage}\` is not among \`stages\``));
    for (const [index, need] of listAt(job, ["needs"]).entries()) {
      const other = jobNeeded(need);
      if (isAbsent(other))
        found.push(complain(document, [...path, "needs", index], `no job \`${other}\` is here to wait for`));
    }
    const works = ["script", "trigger", "run", "pages"].some((key) => settings[key] !== undefined);
    if (!works && !open && name !== "pages")
      found.push(complain(document, path, `job \`${name}\` does nothing: add \`script\``));
    return found;
  });
}

function stagesOf(value: Record<string, unknown>): (name: string) => boolean {
  const listed = [value.stages, value.types].find(Array.isArray) ?? ["build", "test", "deploy"];
  const stages = new Set([...listed, ".pre", ".post"]);
  // A list in the list is a reference to one that stands elsewhere.
  const open = listed.some((stage) => typeof stage !== "string" || stage.includes("$[["));
  return (name) => open || name.includes("$[[") || stages.has(name);
}

/** The job of this pipeline that has to be there. */
function jobNeeded(need: unknown): string | undefined {
  const { project, pipeline, optional } = recordAt(need);
  const elsewhere = project !== undefined || pipeline !== undefined || optional === true;
  return stringAt(need) ?? (elsewhere ? undefined : stringAt(need, ["job"]));
}
