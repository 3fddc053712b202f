import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument, DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { imageName, officialName } from "../../../formats/image-name.ts";
import { at, baseImageOf, chainOf, commandsOf, dockerfileOf, isForDevelopment, isWindows } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import { contextOf, isWhole } from "../../interpret/context.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import { developmentInstalls } from "./development.ts";

const COMPILERS = new Set(
  "build-essential gcc g++ make cmake clang build-base alpine-sdk rustc cargo golang golang-go go default-jdk".split(
    " ",
  ),
);
const PACKAGE_TOOLS = new Set(["apt-get", "apt", "apk", "yum", "dnf", "microdnf"]);

/** SM11 */
export const finalStage: Rule = {
  id: "SM11",
  title: "the final stage without compiler, development dependencies, .git and .env",
  help: "What the program does not need when it runs is there for whoever breaks in. Build in a stage of its own and copy the result; .dockerignore keeps the rest of the folder out.",
  severity: "warning",
  cis: "docker 4.3",
  origins: [],
  kinds: ["dockerfile"],
  check(file, context) {
    const document = dockerfileOf(file);
    const stage = document.stages.at(-1);
    if (!stage || isForDevelopment(file.path) || isWindows(document, stage)) return [];
    const chain = chainOf(document, stage);
    return [
      ...compilerImage(file, document, stage),
      ...chain.flatMap(({ instructions }) => instructions.flatMap((run) => compilers(file, run))),
      ...chain.flatMap(({ instructions }) => instructions.flatMap((instruction) => history(file, instruction))),
      ...developmentInstalls(file, document, { chain, context }),
      ...wholeContext(file, document, { chain, context }),
    ];
  },
};

function compilerImage(file: LintFile, document: DockerfileDocument, stage: DockerfileStage): Complaint[] {
  const image = baseImageOf(document, stage);
  const parts = imageName(image);
  if (!parts || parts.open) return [];
  const name = officialName(parts) ?? "";
  const tag = parts.tag ?? "";
  const sdk =
    ["golang", "rust", "maven", "gradle", "gcc", "buildpack-deps", "haskell"].includes(name) ||
    /^dotnet\/(?:nightly\/)?sdk$/.test(parts.repository) ||
    (name === "eclipse-temurin" && !/jre/.test(tag)) ||
    (name !== "" && /(?:^|-)jdk(?:-|$)/.test(tag));
  if (!sdk) return [];
  const where = { line: stage.line, endLine: stage.line };
  return [
    at(file, where, `the final stage is built on ${image}, a compiler: copy what it makes into an image without one`),
  ];
}

function compilers(file: LintFile, instruction: DockerfileInstruction): Complaint[] {
  if (instruction.keyword !== "RUN") return [];
  const steps = commandsOf(file, instruction);
  const removes = steps.some(
    ({ argv }) =>
      PACKAGE_TOOLS.has(argv[0] ?? "") && argv.some((word) => /^(?:purge|remove|autoremove|del|erase)$/.test(word)),
  );
  if (removes) return [];
  return steps.flatMap(({ argv, words }) => {
    if (!PACKAGE_TOOLS.has(argv[0] ?? "") || !argv.some((word) => word === "install" || word === "add")) return [];
    const found = words.find(({ text }) => COMPILERS.has(text.replace(/[=~].*$/, "")));
    if (!found) return [];
    return [
      at(
        file,
        found.start,
        `${found.text} stays in the final image: compile in a stage of its own and copy the result`,
      ),
    ];
  });
}

/** The history holds what was ever committed, also what was taken out again. */
function history(file: LintFile, instruction: DockerfileInstruction): Complaint[] {
  const { keyword, words } = instruction;
  const found =
    (keyword === "COPY" || keyword === "ADD") && words.slice(0, -1).some((word) => /(?:^|\/)\.git\/?["']?$/.test(word));
  return found
    ? [at(file, instruction, ".git ends in the final image, with all that was ever committed: copy what is needed")]
    : [];
}

/** `COPY . .` with nothing that keeps history and secrets out. */
function wholeContext(
  file: LintFile,
  { stages }: DockerfileDocument,
  { chain, context }: { chain: readonly DockerfileStage[]; context: RuleContext },
): Complaint[] {
  const site = contextOf(file, context);
  if (!site.credible) return [];
  const copies = stages.flatMap((stage) =>
    stage.instructions
      .filter(
        ({ keyword, words, flags, heredocs }) =>
          (keyword === "COPY" || keyword === "ADD") &&
          heredocs.length === 0 &&
          isWhole(words[0] ?? "") &&
          words.length === 2 &&
          !flags.some(({ name }) => name === "from" || name === "exclude"),
      )
      .map((instruction) => ({ instruction, final: chain.includes(stage) })),
  );
  const worst = copies.find(({ final }) => final) ?? copies[0];
  const open = [".git", ".env"].filter((path) => !site.ignores(path));
  if (!worst || open.length === 0) return [];
  const what = open.join(" and ");
  const file_ = site.ignoreFile;
  const message =
    file_ === undefined
      ? `there is no .dockerignore, so ${what} of the folder are copied too: add one`
      : `${file_} does not name ${what}, so they are copied too`;
  return [at(file, worst.instruction, message, worst.final ? {} : { severity: "note" })];
}
