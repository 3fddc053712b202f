import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument, DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { baseOf } from "../../../formats/tree.ts";
import { at, commandsOf, dockerfileOf, inheritedInstructions, isForDevelopment, isWindows } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import { contextOf } from "../../interpret/context.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import type { ShellStep } from "../../shell.ts";
import { type Install, installOf } from "./installs.ts";

/** SM10 */
export const lockfile: Rule = {
  id: "SM10",
  title: "dependencies as the lock file says, manifests copied first",
  help: "An install that may change versions builds another image tomorrow. Manifests copied before the sources keep the layer with the dependencies in the cache.",
  severity: "warning",
  origins: [],
  kinds: ["dockerfile"],
  fixable: true,
  check(file, context) {
    const document = dockerfileOf(file);
    if (isForDevelopment(file.path)) return [];
    return document.stages.flatMap((stage) =>
      isWindows(document, stage) ? [] : ofStage({ file, document, stage, context }),
    );
  },
};

function ofStage({
  file,
  document,
  stage,
  context,
}: {
  file: LintFile;
  document: DockerfileDocument;
  stage: DockerfileStage;
  context: RuleContext;
}): Complaint[] {
  const all = inheritedInstructions(document, stage);
  const found: Complaint[] = [];
  let unordered = false;
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "RUN") continue;
    const before = all.slice(0, all.indexOf(instruction));
    for (const step of commandsOf(file, instruction)) {
      const install = installOf(step, {
        env: { ...stage.env, ...step.env },
        script: () => textOf([...before, instruction]),
        berry: () => isBerry(file, context),
        has: (name) =>
          contextOf(file, context)
            .allOf(".")
            .some((path) => baseOf(path) === name),
      });
      if (install?.loose !== undefined) {
        const held = holdsLockfile(file, before, { context, names: install.lockfiles });
        found.push(loose(file, step, install, held && instruction.exec === null));
      }
      if (install?.cacheable && !unordered && copiesAllFirst(before)) {
        unordered = true;
        const message =
          "each change of a source installs all dependencies again: copy the manifests and install before COPY . .";
        found.push(at(file, step.start, message, { severity: "note" }));
      }
    }
  }
  return found;
}

/** Whether the lock file is of yarn 2 or later. */
function isBerry(file: LintFile, context: RuleContext): boolean {
  return contextOf(file, context)
    .allOf("yarn.lock")
    .some((path) => /^__metadata:/m.test(context.tree.text(path) ?? ""));
}

function loose(file: LintFile, step: ShellStep, { loose: instead, fix }: Install, sure: boolean): Complaint {
  const message = `${step.argv.slice(0, 2).join(" ")} may take other versions than the lock file names: ${instead}`;
  return at(file, step.start, message, sure && fix ? { fix } : {});
}

/** Whether a lock file of the context is certainly among what was copied. */
function holdsLockfile(
  file: LintFile,
  before: readonly DockerfileInstruction[],
  { context, names }: { context: RuleContext; names: readonly string[] },
): boolean {
  const site = contextOf(file, context);
  return before
    .filter(fromContext)
    .some(({ words }) =>
      words.slice(0, -1).some((word) => site.filesOf(word).some((path) => names.includes(baseOf(path)))),
    );
}

/** Whether the whole context was copied before anything else of it was. */
function copiesAllFirst(before: readonly DockerfileInstruction[]): boolean {
  const first = before.find(
    (instruction) => fromContext(instruction) && !instruction.flags.some(({ name }) => name === "exclude"),
  );
  return (
    first !== undefined &&
    first.heredocs.length === 0 &&
    first.words.length === 2 &&
    /^\.?\/?\.?$/.test(first.words[0] ?? "")
  );
}

function fromContext({ keyword, flags }: DockerfileInstruction): boolean {
  return (keyword === "COPY" || keyword === "ADD") && !flags.some(({ name }) => name === "from");
}

function textOf(instructions: readonly DockerfileInstruction[]): string {
  return instructions
    .map(({ argument, heredocs }) => [argument, ...heredocs.map(({ text }) => text)].join("\n"))
    .join("\n");
}
