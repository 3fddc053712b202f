import type { Complaint } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import { type GroovyBlock, type GroovyFile, readGroovy } from "../rules/jenkins/groovy.ts";
import type { Validator } from "./validator.ts";

const SECTIONS = new Set([
  "agent",
  "stages",
  "environment",
  "options",
  "parameters",
  "triggers",
  "tools",
  "post",
  "libraries",
  "input",
  "when",
  "matrix",
]);
const POST = new Set([
  "always",
  "changed",
  "fixed",
  "regression",
  "aborted",
  "failure",
  "success",
  "unstable",
  "unsuccessful",
  "cleanup",
]);
const BODIES = ["steps", "stages", "parallel", "matrix"];

/** The structure of declarative pipelines; brackets and quotes of all. */
export const jenkinsfile: Validator = {
  id: "jenkinsfile",
  kinds: ["jenkinsfile"],
  validate: async (file) => {
    const groovy = readGroovy(file.text);
    if (groovy.problems.length > 0) return groovy.problems.slice(0, 1);
    return groovy.blocks
      .filter(({ name }) => name === "pipeline")
      .flatMap((pipeline, index) =>
        index > 0 && !/\b(?:if|else|switch)\b/.test(groovy.bare)
          ? [tell(file, pipeline, "a Jenkinsfile has one `pipeline`")]
          : ofPipeline(file, groovy, pipeline),
      );
  },
};

function ofPipeline(file: LintFile, groovy: GroovyFile, pipeline: GroovyBlock): Complaint[] {
  const body = groovy.bare.slice(pipeline.inner, pipeline.end);
  const found: Complaint[] = [];
  if (!/\bagent\b/.test(body))
    found.push(tell(file, pipeline, "`pipeline` needs an `agent`: add `agent any` or where it is to run"));
  const stages = pipeline.blocks.filter(({ name }) => name === "stages");
  if (stages.length !== 1) found.push(tell(file, stages[1] ?? pipeline, "`pipeline` needs one `stages { }`"));
  for (const block of pipeline.blocks)
    if (!SECTIONS.has(block.name))
      found.push(
        tell(file, block, `\`${block.name}\` is no section of a pipeline: move it into the \`steps\` of a stage`),
      );
  for (const block of pipeline.blocks) if (block.name === "post") found.push(...ofPost(file, block));
  return [...found, ...stages.flatMap((block) => ofStages(file, block))];
}

function ofStages(file: LintFile, block: GroovyBlock): Complaint[] {
  const stages = block.blocks.filter(({ name }) => name === "stage");
  const strange = block.blocks
    .filter(({ name }) => name !== "stage")
    .map((other) => tell(file, other, `\`${other.name}\` stands where a \`stage\` belongs`));
  if (stages.length === 0 && strange.length === 0) return [tell(file, block, `\`${block.name}\` has no stage`)];
  return [...strange, ...stages.flatMap((stage) => ofStage(file, stage))];
}

function ofStage(file: LintFile, stage: GroovyBlock): Complaint[] {
  const bodies = stage.blocks.filter(({ name }) => BODIES.includes(name));
  const what = stage.argument === "" ? "a stage" : `stage ${stage.argument}`;
  const found: Complaint[] = [];
  if (stage.argument === "") found.push(tell(file, stage, "a stage needs a name: `stage('Build')`"));
  if (bodies.length !== 1) found.push(tell(file, stage, `${what} needs one of ${BODIES.join(", ")}`));
  for (const block of stage.blocks) if (block.name === "post") found.push(...ofPost(file, block));
  for (const body of bodies)
    if (body.name === "stages" || body.name === "parallel") found.push(...ofStages(file, body));
  return found;
}

function ofPost(file: LintFile, block: GroovyBlock): Complaint[] {
  return block.blocks
    .filter(({ name }) => !POST.has(name))
    .map((other) =>
      tell(
        file,
        other,
        `\`${other.name}\` is no condition of \`post\`: put it into \`always\`, \`failure\` or another`,
      ),
    );
}

function tell(file: LintFile, { start }: GroovyBlock, message: string): Complaint {
  return { ...file.placeAt(start), message };
}
