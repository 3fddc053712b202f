import type { DockerfileInstruction } from "../formats/dockerfile/instruction.ts";
import { type DockerfileDocument, type DockerfileStage, readDockerfile } from "../formats/dockerfile/read.ts";
import { baseOf, folderOf } from "../formats/tree.ts";
import type { Complaint } from "./finding.ts";
import type { LintFile } from "./lint-file.ts";
import { type ShellStep, shellSteps } from "./shell.ts";

const READ = new WeakMap<LintFile, DockerfileDocument>();
const SCRIPTS = new WeakMap<DockerfileInstruction, ShellStep[]>();
const SHELLS = new Set(["sh", "bash", "ash", "dash", "zsh", "/bin/sh", "/bin/bash", "/bin/ash", "/usr/bin/bash"]);

/** A Dockerfile under check; read once. */
export function dockerfileOf(file: LintFile): DockerfileDocument {
  const known = READ.get(file) ?? readDockerfile(file.text);
  READ.set(file, known);
  return known;
}

/** The commands of a `RUN`, `CMD`, `ENTRYPOINT` or of a health check, with their offsets in the file; those of an exec form stand at its start. */
export function commandsOf(file: LintFile, instruction: DockerfileInstruction): ShellStep[] {
  const known = SCRIPTS.get(instruction) ?? readCommands(file, instruction);
  SCRIPTS.set(instruction, known);
  return known;
}

/** The instructions of a stage with those of the stages it is built on, the first first. */
export function inheritedInstructions(document: DockerfileDocument, stage: DockerfileStage): DockerfileInstruction[] {
  return chainOf(document, stage).flatMap(({ instructions }) => instructions);
}

/** The stages that a stage is built on, the first first, and itself. */
export function chainOf({ stages }: DockerfileDocument, stage: DockerfileStage): DockerfileStage[] {
  const chain = [stage];
  for (let base = stage.base; base !== null; base = stages[base]?.base ?? null) {
    const below = stages[base];
    if (below) chain.unshift(below);
  }
  return chain;
}

/** The image that a stage starts from in the end: of the first stage of its chain. */
export function baseImageOf(document: DockerfileDocument, stage: DockerfileStage): string {
  return chainOf(document, stage)[0]?.image ?? stage.image;
}

/** Whether a stage is of Windows, whose shells and users are others. */
export function isWindows(document: DockerfileDocument, stage: DockerfileStage): boolean {
  return (
    document.escape === "`" ||
    /windows/i.test(stage.platform ?? "") ||
    /nanoserver|servercore|windows|-ltsc20\d\d/i.test(baseImageOf(document, stage))
  );
}

const WORK = "dev|devel|development|local|test|tests|testing|ci|debug|lint|docs|devcontainer|gitpod|e2e|bench";
const WORK_NAME = new RegExp(`(?:^|[._-])(?:${WORK})(?:[._-]|$)`, "i");
const WORK_FOLDER = new RegExp(`^(?:${WORK}|\\..*)$`, "i");

/** Whether the file makes an image for work on the code, or for tests of it, instead of one that is deployed. */
export function isForDevelopment(path: string): boolean {
  return WORK_FOLDER.test(baseOf(folderOf(path)).replace(/^\.$/, "")) || WORK_NAME.test(baseOf(path));
}

/** A complaint about an instruction, or about the line at an offset. */
export function at(
  file: LintFile,
  where: Pick<DockerfileInstruction, "line" | "endLine"> | number,
  message: string,
  more: Partial<Pick<Complaint, "severity" | "fix">> = {},
): Complaint {
  if (typeof where === "number") return { ...file.placeAt(where), message, ...more };
  return { line: where.line, column: 1, endLine: where.endLine, message, ...more };
}

function readCommands(file: LintFile, instruction: DockerfileInstruction): ShellStep[] {
  const { exec, start, end, keyword } = instruction;
  if (exec) return commandsOfList(exec, { start, end });
  const { escape: mark } = dockerfileOf(file);
  const text = blankContinuations(file.text.slice(start, end), { mark, keyword });
  const offset = (step: ShellStep): ShellStep => ({
    ...step,
    start: step.start + start,
    end: step.end + start,
    words: step.words.map((word) => ({ ...word, start: word.start + start, end: word.end + start })),
  });
  return shellSteps(text).map(offset);
}

/** `["sh", "-c", "exec node ."]` is what the script says; any other list is one command. */
export function commandsOfList(list: readonly string[], { start, end }: { start: number; end: number }): ShellStep[] {
  const [program = "", flag = "", script] = list;
  const at = { start, end };
  if (SHELLS.has(program) && /^-[a-z]*c$/.test(flag) && script !== undefined)
    return shellSteps(script).map((step) => ({
      ...step,
      ...at,
      words: step.words.map((word) => ({ ...word, ...at })),
    }));
  if (list.length === 0) return [];
  const words = list.map((text) => ({ text, literal: true, ...at }));
  return [{ env: {}, words, argv: [...list], redirects: [], next: "", depth: 0, ...at }];
}

/** The script of an instruction at its offsets: keyword, flags, comments and the ends of continued lines are blank. */
function blankContinuations(text: string, { mark, keyword }: { mark: string; keyword: string }): string {
  const lines = text.split("\n");
  const out: string[] = [];
  let index = 0;
  for (; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (index > 0 && /^\s*(?:#|$)/.test(line)) {
      out.push(" ".repeat(line.length + 1));
      continue;
    }
    const trimmed = line.trimEnd();
    if (!trimmed.endsWith(mark)) {
      out.push(line);
      index += 1;
      break;
    }
    out.push(`${trimmed.slice(0, -1)}${" ".repeat(line.length - trimmed.length + 2)}`);
  }
  const head = out.join("").replace(headOf(keyword), (lead) => " ".repeat(lead.length));
  const body = lines.slice(index).join("\n");
  return body === "" ? head : withHeredoc(head, body);
}

/** `RUN <<EOF` runs the document; `RUN python <<EOF` and `RUN cat <<EOF > file` hand it to a program. */
function withHeredoc(head: string, body: string): string {
  const [, name = ""] =
    /^\s*<<-?["']?(\w+)["']?\s*(?:(?:\/(?:usr\/)?bin\/)?(?:ba|da|a|z)?sh(?:\s+-\w+)*)?\s*$/.exec(head) ?? [];
  if (name === "" || /^#!(?!.*sh\b)/.test(body)) return `${head}\n${body}`;
  const end = body.lastIndexOf(name);
  return `${" ".repeat(head.length)}\n${end === -1 ? body : body.slice(0, end)}`;
}

function headOf(keyword: string): RegExp {
  const flags = String.raw`(?:\s+--[a-z][\w-]*(?:=\S*)?)*`;
  return keyword === "HEALTHCHECK"
    ? new RegExp(`^\\s*\\w+${flags}\\s+CMD(?=\\s)`, "i")
    : new RegExp(`^\\s*\\w+${flags}`);
}
