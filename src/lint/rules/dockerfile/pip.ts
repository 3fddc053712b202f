import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import type { DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { at, chainOf, commandsOf, dockerfileOf, isWindows } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";

/** SM12 */
export const pip: Rule = {
  id: "SM12",
  title: "pip without its cache, no copy of a whole file system",
  help: "pip keeps what it downloaded in the layer, where nobody uses it again. A whole file system brings the tools of the build with it.",
  severity: "warning",
  origins: ["DL3042", "DL3067"],
  kinds: ["dockerfile"],
  fixable: true,
  check(file) {
    const document = dockerfileOf(file);
    const last = document.stages.at(-1);
    if (!last || isWindows(document, last)) return [];
    return [
      ...document.stages.flatMap(({ instructions }) =>
        instructions.flatMap((instruction) => wholeSystem(file, instruction)),
      ),
      ...chainOf(document, last).flatMap((stage) => stage.instructions.flatMap((run) => cached(file, stage, run))),
    ];
  },
};

function wholeSystem(file: LintFile, instruction: DockerfileInstruction): Complaint[] {
  const { keyword, words, flags } = instruction;
  if (keyword !== "COPY" || !flags.some(({ name }) => name === "from")) return [];
  const all = words.length === 2 && /^\/(?:\.|\*)?$/.test(words[0] ?? "");
  return all ? [at(file, instruction, "this copies a whole file system: name the folders that the program needs")] : [];
}

function cached(file: LintFile, { env }: DockerfileStage, instruction: DockerfileInstruction): Complaint[] {
  if (instruction.keyword !== "RUN") return [];
  const off = env.PIP_NO_CACHE_DIR;
  if (off !== undefined && off !== "") return [];
  const mounted = instruction.flags.some(
    ({ name, value }) =>
      name === "mount" && /type=(?:cache|tmpfs)/.test(value ?? "") && /\.cache|pip/.test(value ?? ""),
  );
  const script = [instruction.argument, ...instruction.heredocs.map(({ text }) => text)].join("\n");
  if (
    mounted ||
    /pip3?\s+cache\s+purge|pip3?\s+config\s[^;&\n]*no-cache-dir|\brm\s+-\w*r\w*\s[^;&]*\.cache/.test(script)
  )
    return [];
  return commandsOf(file, instruction).flatMap(({ argv, words, env: own }) => {
    const verb = pipInstall(argv);
    if (
      verb === undefined ||
      own.PIP_NO_CACHE_DIR ||
      argv.some((word) => word.startsWith("--no-cache-dir") || word.startsWith("--cache-dir"))
    )
      return [];
    const word = words[verb];
    if (!word) return [];
    const fix = {
      description: "add --no-cache-dir",
      edits: [{ start: word.end, end: word.end, text: " --no-cache-dir" }],
    };
    return [
      at(
        file,
        word.start,
        "pip keeps its downloads in the layer: add --no-cache-dir, or a cache mount",
        instruction.exec === null ? { fix } : {},
      ),
    ];
  });
}

/** Index of `install` in `pip install`, `python -m pip install`. */
function pipInstall(argv: readonly string[]): number | undefined {
  const index = argv.findIndex(
    (word, at) =>
      /(?:^|\/)pip3?(?:\.\d+)?$/.test(word) &&
      (at === 0 || (argv[at - 1] === "-m" && /(?:^|\/)python[\d.]*$/.test(argv[0] ?? ""))),
  );
  if (index === -1) return undefined;
  const verb = argv.findIndex((word, at) => at > index && !word.startsWith("-"));
  return argv[verb] === "install" ? verb : undefined;
}
