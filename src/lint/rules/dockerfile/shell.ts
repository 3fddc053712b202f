import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import { at, chainOf, commandsOf, dockerfileOf, isWindows } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";

/** Programs that cannot fail, and one that every reader of its output makes fail. */
const HARMLESS = new Set(["echo", "printf", "yes", "true", ":", "cat", "ls", "env"]);

/** SM08 */
export const shell: Rule = {
  id: "SM08",
  title: "no sudo; pipefail before pipes",
  help: "sudo hides who does what; USER says it. Without pipefail a failed download in front of a pipe builds a broken image.",
  severity: "warning",
  origins: ["DL3004", "DL4006"],
  kinds: ["dockerfile"],
  check(file) {
    const document = dockerfileOf(file);
    return document.stages.flatMap((stage) => {
      if (isWindows(document, stage)) return [];
      // A stage begins with the shell of the one it is built on.
      const inherited = chainOf(document, stage)
        .slice(0, -1)
        .flatMap(({ instructions }) => instructions);
      let careful = careOf(inherited, false);
      return stage.instructions.flatMap((instruction) => {
        careful = careOf([instruction], careful);
        return instruction.keyword === "RUN" ? [...sudo(file, instruction), ...pipe(file, instruction, careful)] : [];
      });
    });
  },
};

function sudo(file: LintFile, instruction: DockerfileInstruction): Complaint[] {
  const found = commandsOf(file, instruction).find(({ argv }) => argv[0] === "sudo");
  return found ? [at(file, found.start, "sudo in an image: use USER root before, and the other user after it")] : [];
}

function pipe(file: LintFile, instruction: DockerfileInstruction, careful: boolean): Complaint[] {
  if (careful || instruction.exec !== null) return [];
  const script = [instruction.argument, ...instruction.heredocs.map(({ text }) => text)].join("\n");
  if (/\bpipefail\b/.test(script)) return [];
  const found = commandsOf(file, instruction).find(
    // Inside `$( )` the whole command rarely fails with it anyway.
    ({ next, argv, depth }) => depth === 0 && next.startsWith("|") && next !== "||" && !HARMLESS.has(argv[0] ?? ""),
  );
  if (!found) return [];
  const message = `if ${found.argv[0] ?? "the first command"} fails, the pipe goes on: SHELL ["/bin/bash", "-o", "pipefail", "-c"] before it`;
  return [at(file, found.start, message)];
}

/** Whether the last SHELL stops at a failure in a pipe, or is no shell that has pipes of this kind. */
function careOf(instructions: readonly DockerfileInstruction[], before: boolean): boolean {
  const last = instructions.findLast(({ keyword }) => keyword === "SHELL");
  if (!last) return before;
  return last.words.some((word) => /pipefail|^-[a-z]*o[a-z]*pipefail|pwsh|powershell|cmd|python|node/i.test(word));
}
