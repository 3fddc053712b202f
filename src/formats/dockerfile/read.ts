import type { Dockerfile } from "dockerfile-ast";
import type { Problem } from "../document.ts";
import { dockerfileLibrary } from "../libraries.ts";
import { type DockerfileInstruction, readInstruction } from "./instruction.ts";
import { expandVariables } from "./variables.ts";

export interface DockerfileStage {
  index: number;
  name: string | null;
  /** As written, with the arguments replaced that have a default. */
  image: string;
  /** The earlier stage that `image` names, by its index. */
  base: number | null;
  platform: string | null;
  /** Line of its `FROM`. */
  line: number;
  /** Without its `FROM`. */
  instructions: DockerfileInstruction[];
  /** Variables of the image whose values are known, those of the stages below included. */
  env: Readonly<Record<string, string>>;
}

export interface DockerfileDocument {
  escape: string;
  /** `syntax`, `escape`, `check` in lower case. */
  directives: Readonly<Record<string, string>>;
  /** The `ARG`s before the first stage. */
  args: DockerfileInstruction[];
  stages: DockerfileStage[];
  problems: Problem[];
}

const KEYWORDS = new Set(
  (
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER " +
    "VOLUME WORKDIR"
  ).split(" "),
);

/** Reads a Dockerfile as far as it can be understood; what cannot is a problem. Never throws. */
export function readDockerfile(text: string): DockerfileDocument {
  const body = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const document: DockerfileDocument = { escape: "\\", directives: {}, args: [], stages: [], problems: [] };
  try {
    const tree = dockerfileLibrary().DockerfileParser.parse(body);
    fill(document, tree, body);
  } catch (error) {
    const message = error instanceof Error ? error.message : "no Dockerfile";
    document.problems.push({ message, line: 1, column: 1 });
  }
  return document;
}

function fill(document: DockerfileDocument, tree: Dockerfile, text: string): void {
  const { args, stages, problems } = document;
  document.escape = tree.getEscapeCharacter();
  document.directives = Object.fromEntries(
    tree.getDirectives().map((directive) => [directive.getName().toLowerCase(), directive.getValue()]),
  );
  const source = { text, offsets: lineOffsets(text), mark: document.escape };
  const global: Record<string, string> = {};
  let scope: Record<string, string> = global;
  for (const found of tree.getInstructions()) {
    const instruction = readInstruction(found, source, scope);
    const { keyword, line } = instruction;
    const problem = (message: string) => problems.push({ message, line, column: 1 });
    const stage = stages.at(-1);
    if (!KEYWORDS.has(keyword)) problem(`unknown instruction ${keyword}`);
    else if (instruction.argument === "" && instruction.heredocs.length === 0) problem(`${keyword} says nothing`);
    if (keyword === "FROM") {
      const made = stageOf(instruction, stages, global);
      scope = { ...(made.base === null ? {} : stages[made.base]?.env) };
      stages.push({ ...made, env: scope });
    } else if (stage) {
      stage.instructions.push(instruction);
      note(instruction, scope, keyword === "ARG" ? global : {});
    } else if (keyword === "ARG") {
      args.push(instruction);
      note(instruction, global, {});
    } else if (KEYWORDS.has(keyword)) problem(`${keyword} before the first FROM`);
  }
  for (const stage of stages) forgetArguments(stage, stages);
  if (stages.length === 0) problems.push({ message: "no FROM", line: 1, column: 1 });
}

/** `FROM [--platform=P] IMAGE [AS NAME]`. */
function stageOf(
  { argument, flags, line }: DockerfileInstruction,
  earlier: readonly DockerfileStage[],
  global: Readonly<Record<string, string>>,
): Omit<DockerfileStage, "env"> {
  const [image = "", as, name] = expandVariables(argument, global).split(/\s+/);
  const base = earlier.findLastIndex((stage) => stage.name?.toLowerCase() === image.toLowerCase());
  return {
    index: earlier.length,
    name: as?.toLowerCase() === "as" && name !== undefined ? name : null,
    image,
    base: base === -1 ? null : base,
    platform: flags.find((flag) => flag.name === "platform")?.value ?? null,
    line,
    instructions: [],
  };
}

/** Keeps what `ENV` and `ARG` set; an `ARG` without a value takes that of the file's head. */
function note(
  { keyword, pairs }: DockerfileInstruction,
  scope: Record<string, string>,
  outer: Readonly<Record<string, string>>,
): void {
  if (keyword !== "ENV" && keyword !== "ARG") return;
  const before = { ...scope };
  for (const { name, value } of pairs) {
    const known = value === null ? outer[name] : expandVariables(value, before);
    if (known !== undefined) scope[name] = known;
  }
}

/** Arguments are of the build: only `ENV` stays in the image. */
function forgetArguments(stage: DockerfileStage, stages: readonly DockerfileStage[]): void {
  const below = stage.base === null ? {} : (stages[stage.base]?.env ?? {});
  const own = new Set(
    stage.instructions.filter(({ keyword }) => keyword === "ENV").flatMap(({ pairs }) => pairs.map(({ name }) => name)),
  );
  stage.env = {
    ...below,
    ...Object.fromEntries(Object.entries(stage.env).filter(([name]) => own.has(name))),
  };
}

function lineOffsets(text: string): number[] {
  const offsets = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) offsets.push(at + 1);
  return offsets;
}
