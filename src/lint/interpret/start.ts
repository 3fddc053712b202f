import type { DockerfileInstruction } from "../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument, DockerfileStage } from "../../formats/dockerfile/read.ts";
import { baseOf } from "../../formats/tree.ts";
import { chainOf, commandsOf, commandsOfList } from "../dockerfile.ts";
import type { LintFile } from "../lint-file.ts";
import type { ShellStep } from "../shell.ts";

/** What a container of an image runs. */
export interface Start {
  /** The instruction that says so, for its line. */
  instruction: DockerfileInstruction;
  /** The commands in their order; the last one is the program that stays. */
  steps: ShellStep[];
  /** Whether a small init is process 1 and hands on signals. */
  init: boolean;
  /** Whether a script of the image starts it, which may do anything before. */
  scripted: boolean;
}

const INITS = new Set(["tini", "dumb-init", "catatonit", "s6-svscan", "docker-init", "tini-static"]);
/** Programs that become the one behind them. */
const WRAPPERS = new Set([
  "exec",
  "env",
  "gosu",
  "su-exec",
  "nice",
  "nohup",
  "cross-env",
  "dotenv",
  "doppler",
  "infisical",
  "newrelic-admin",
  "ddtrace-run",
  "opentelemetry-instrument",
  "npx",
  "bunx",
  "xvfb-run",
]);

/** What ENTRYPOINT and CMD of a stage come to; undefined where only the base image says it. */
export function startOf(file: LintFile, document: DockerfileDocument, stage: DockerfileStage): Start | undefined {
  const { entrypoint, command } = lastOf(document, stage);
  const instruction = command ?? entrypoint;
  if (!instruction) return undefined;
  if (!entrypoint) return made(instruction, command ? commandsOf(file, command) : []);
  // The shell form takes no arguments: CMD is not looked at.
  if (!entrypoint.exec) return made(entrypoint, commandsOf(file, entrypoint));
  const rest = command ? (command.exec ?? ["/bin/sh", "-c", command.expanded]) : [];
  return made(instruction, commandsOfList([...entrypoint.exec, ...rest], instruction), entrypoint.exec.length > 0);
}

/** The ENTRYPOINT and CMD that count: a new ENTRYPOINT forgets the CMD of the stages below. */
function lastOf(document: DockerfileDocument, stage: DockerfileStage) {
  let entrypoint: DockerfileInstruction | undefined;
  let command: DockerfileInstruction | undefined;
  for (const { instructions } of chainOf(document, stage)) {
    const own = (keyword: string) => instructions.findLast((instruction) => instruction.keyword === keyword);
    const entry = own("ENTRYPOINT");
    command = own("CMD") ?? (entry ? undefined : command);
    entrypoint = entry ?? entrypoint;
  }
  return { entrypoint, command };
}

function made(instruction: DockerfileInstruction, given: readonly ShellStep[], entry = false): Start {
  const opened = given.map((step) => open(step, entry));
  return {
    instruction,
    steps: opened.flatMap(({ steps }) => steps),
    init: opened.some(({ init }) => init),
    scripted: opened.some(({ scripted }) => scripted),
  };
}

/** The commands behind wrappers and inits: `tini -- sh -c "exec node ."` is `node .`. */
function open(step: ShellStep, entry: boolean): Pick<Start, "steps" | "init" | "scripted"> {
  let { words } = step;
  let init = false;
  let scripted = false;
  while (words.length > 0) {
    const [first] = words;
    const program = baseOf(first?.text ?? "");
    const isInit = INITS.has(program) || first?.text === "/init";
    const isScript = entry && words.length > 1 && /entrypoint|\.sh$/.test(program);
    if (!isInit && !isScript && !(WRAPPERS.has(program) && words.length > 1)) break;
    init ||= isInit;
    scripted ||= isScript;
    words = behindWrapper(words);
  }
  const argv = words.map(({ text }) => text);
  const inner = commandsOfList(argv, step);
  if (inner.length === 0 || inner[0]?.argv[0] === argv[0]) return { steps: [{ ...step, words, argv }], init, scripted };
  const deeper = inner.map((found) => open(found, false));
  return {
    steps: deeper.flatMap(({ steps }) => steps),
    init: init || deeper.some((found) => found.init),
    scripted: scripted || deeper.some((found) => found.scripted),
  };
}

/** What stands behind a wrapper, its options and its assignments. */
function behindWrapper(words: ShellStep["words"]): ShellStep["words"] {
  const mark = words.findIndex(({ text }) => text === "--");
  if (mark !== -1) return words.slice(mark + 1);
  const program = baseOf(words[0]?.text ?? "");
  let at = 1;
  while (/^-|^\w+=/.test(words[at]?.text ?? "")) at += 1;
  // The user comes first.
  return words.slice(program === "gosu" || program === "su-exec" ? at + 1 : at);
}
