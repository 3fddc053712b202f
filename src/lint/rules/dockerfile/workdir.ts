import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import { at, commandsOf, dockerfileOf, inheritedInstructions, isWindows } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";

/** SM04 */
export const workdir: Rule = {
  id: "SM04",
  title: "absolute WORKDIR, no cd in RUN",
  help: "A relative WORKDIR depends on what stands before it, and cd is forgotten with the next instruction.",
  severity: "warning",
  origins: ["DL3000", "DL3003"],
  kinds: ["dockerfile"],
  fixable: true,
  check(file) {
    const document = dockerfileOf(file);
    return document.stages.flatMap((stage) => {
      const before = inheritedInstructions(document, stage);
      return stage.instructions.flatMap((instruction) => [
        ...relative(file, instruction, before),
        ...(isWindows(document, stage) ? [] : changes(file, instruction)),
      ]);
    });
  },
};

function relative(
  file: LintFile,
  instruction: DockerfileInstruction,
  all: readonly DockerfileInstruction[],
): Complaint[] {
  if (instruction.keyword !== "WORKDIR") return [];
  const folder = unquoted(instruction.expanded);
  if (folder === "" || /^(?:[/\\$]|[A-Za-z]:)/.test(folder)) return [];
  const previous = all.slice(0, all.indexOf(instruction)).findLast(({ keyword }) => keyword === "WORKDIR");
  const base = previous && unquoted(previous.expanded);
  const absolute = `${base?.startsWith("/") ? base.replace(/\/+$/, "") : ""}/${folder.replace(/^\.\//, "")}`;
  const simple = !/\$/.test(instruction.argument) && !/(?:^|\/)\.\.?(?:\/|$)/.test(absolute);
  const start = file.text.indexOf(instruction.argument, instruction.start + instruction.keyword.length);
  return [
    at(file, instruction, `WORKDIR ${folder} is relative: write ${simple ? absolute : "it from the root"}`, {
      // Below another one it is at least certain where it leads.
      severity: base === undefined ? "warning" : "note",
      ...(simple && start >= 0 && (base === undefined || base.startsWith("/"))
        ? {
            fix: {
              description: `write WORKDIR ${absolute}`,
              edits: [{ start, end: start + instruction.argument.length, text: absolute }],
            },
          }
        : {}),
    }),
  ];
}

function changes(file: LintFile, instruction: DockerfileInstruction): Complaint[] {
  if (instruction.keyword !== "RUN") return [];
  const found = commandsOf(file, instruction).find(({ argv, depth }) => depth === 0 && argv[0] === "cd");
  if (!found) return [];
  const message = "cd is forgotten after this RUN: use WORKDIR, or parentheses around it";
  return [at(file, found.start, message, { severity: "note" })];
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}
