import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import { at, commandsOf, dockerfileOf, inheritedInstructions, isWindows } from "../../dockerfile.ts";
import type { Complaint, Fix } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";

/** Words that the shell itself carries out; no program of that name need exist. */
const BUILTINS = new Set(
  ". : [ alias bg break cd command continue eval exec exit export fg read set shift source test trap type ulimit umask unset wait".split(
    " ",
  ),
);

/** SM05 */
export const execForm: Rule = {
  id: "SM05",
  title: "exec form of CMD and ENTRYPOINT, one of each",
  help: "The shell of the other form is process 1 and hands on no signal: the program is killed instead of stopped. Of several only the last counts.",
  severity: "warning",
  origins: ["DL3025", "DL4003", "DL4004"],
  kinds: ["dockerfile"],
  fixable: true,
  check(file) {
    const document = dockerfileOf(file);
    return document.stages.flatMap((stage) => {
      const windows = isWindows(document, stage);
      const inherited = inheritedInstructions(document, stage);
      return ["CMD", "ENTRYPOINT"].flatMap((keyword) => {
        const all = stage.instructions.filter((instruction) => instruction.keyword === keyword);
        const last = all.at(-1);
        return [
          ...all
            .slice(0, -1)
            .map((lost) => at(file, lost, `only the last ${keyword} of a stage counts: remove this one`)),
          ...(last && last.exec === null && last.argument !== "" && !windows && !isReplaced(file, last)
            ? [shellForm(file, last, inherited)]
            : []),
        ];
      });
    });
  },
};

/** Whether the shell is needed and makes room for the program, which then gets the signals itself: `CMD exec node . --port $PORT`. */
function isReplaced(file: LintFile, instruction: DockerfileInstruction): boolean {
  if (fixOf(file, instruction)) return false;
  const steps = commandsOf(file, instruction);
  const last = steps.at(-1);
  return (
    last?.argv[0] === "exec" && last.argv.length > 1 && last.depth === 0 && steps.every(({ next }) => next !== "|")
  );
}

function shellForm(
  file: LintFile,
  instruction: DockerfileInstruction,
  inherited: readonly DockerfileInstruction[],
): Complaint {
  const { keyword, argument } = instruction;
  if (argument.startsWith("["))
    return at(file, instruction, `this list is no JSON, so ${keyword} runs it as a shell command: use double quotes`);
  const other = keyword === "CMD" ? "ENTRYPOINT" : "CMD";
  // With both, what each means depends on the other's form.
  const alone = !inherited.some((found) => found.keyword === other || found.keyword === "SHELL");
  const fix = alone ? fixOf(file, instruction) : undefined;
  return at(
    file,
    instruction,
    `${keyword} runs in a shell that hands on no signals: write it as a list, ${keyword} ["program", "argument"]`,
    fix ? { fix } : {},
  );
}

/** A single command without anything for the shell to do means the same as a list. */
function fixOf(file: LintFile, instruction: DockerfileInstruction): Fix | undefined {
  const steps = commandsOf(file, instruction);
  const step = steps[0];
  if (!step || steps.length !== 1 || step.next !== "" || step.redirects.length > 0 || step.depth > 0) return undefined;
  if (Object.keys(step.env).length > 0 || !step.words.every(({ literal }) => literal)) return undefined;
  const argv = step.argv[0] === "exec" ? step.argv.slice(1) : step.argv;
  if (argv.length === 0 || BUILTINS.has(argv[0] ?? "") || argv.some((word) => word.startsWith("~"))) return undefined;
  const list = `[${argv.map((word) => JSON.stringify(word)).join(", ")}]`;
  return {
    description: `write ${instruction.keyword} ${list}`,
    edits: [{ start: instruction.start, end: instruction.end, text: `${instruction.keyword} ${list}` }],
  };
}
