import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument, DockerfileStage } from "../../../formats/dockerfile/read.ts";
import { at, dockerfileOf } from "../../dockerfile.ts";
import type { Complaint, Fix } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";

const ARCHIVE = /\.(?:tar|tar\.(?:gz|bz2|xz|zst|lzma|Z)|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$/i;
const ADDRESS = /^(?:https?|ftp):\/\//i;
const REPOSITORY = /^git@|^git:\/\/|^ssh:\/\/|\.git(?:#.*)?$/i;

/** SM06 */
export const copy: Rule = {
  id: "SM06",
  title: "COPY instead of ADD; --from an earlier stage; names of stages once",
  help: "ADD unpacks and downloads, which nobody expects of it. COPY --from and FROM can only name stages that stand before them.",
  severity: "warning",
  cis: "docker 4.9",
  origins: ["DL3020", "DL3022", "DL3023", "DL3024", "CKV_DOCKER_4"],
  kinds: ["dockerfile"],
  fixable: true,
  check(file) {
    const document = dockerfileOf(file);
    return [
      ...document.stages.flatMap((stage) => [
        ...repeatedName(file, document, stage),
        ...stage.instructions.flatMap((instruction) => [
          ...added(file, instruction),
          ...sources(instruction).flatMap((from) => unresolved(file, document, { stage, instruction, from })),
        ]),
      ]),
      ...laterBases(file, document),
    ];
  },
};

function added(file: LintFile, instruction: DockerfileInstruction): Complaint[] {
  const { keyword, words, flags, heredocs } = instruction;
  if (keyword !== "ADD" || heredocs.length > 0) return [];
  const from = words.slice(0, -1).map((word) => word.replace(/^["']|["']$/g, ""));
  if (from.length === 0 || from.some((source) => /\$/.test(source) || REPOSITORY.test(source))) return [];
  if (from.some((source) => ADDRESS.test(source)))
    return flags.some(({ name }) => name === "checksum")
      ? []
      : [
          at(
            file,
            instruction,
            "ADD of an address takes whatever is there: give --checksum, or download and verify in RUN",
          ),
        ];
  // Unpacking an archive is what ADD is for; a pattern may match one.
  if (from.some((source) => ARCHIVE.test(source))) return [];
  const patterns = from.some((source) => /[*?[]/.test(source));
  const fix: Fix = {
    description: "write COPY",
    edits: [{ start: instruction.start, end: instruction.start + keyword.length, text: "COPY" }],
  };
  return [at(file, instruction, "COPY does this without the surprises of ADD", patterns ? {} : { fix })];
}

/** Stages and images that an instruction takes files from, by `--from` or a mount. */
export function sources({ keyword, flags }: DockerfileInstruction): string[] {
  if (keyword === "COPY" || keyword === "ADD")
    return flags.flatMap(({ name, value }) => (name === "from" && value ? [value] : []));
  if (keyword !== "RUN") return [];
  return flags.flatMap(({ name, value }) => {
    const from = name === "mount" ? /(?:^|,)from=([^,]+)/.exec(value ?? "")?.[1] : undefined;
    return from ? [from] : [];
  });
}

function unresolved(
  file: LintFile,
  { stages }: DockerfileDocument,
  { stage, instruction, from }: { stage: DockerfileStage; instruction: DockerfileInstruction; from: string },
): Complaint[] {
  const error = { severity: "error" } as const;
  const name = from.replace(/^["']|["']$/g, "");
  if (/\$/.test(name)) return [];
  if (/^\d+$/.test(name)) {
    if (Number(name) < stage.index) return [];
    return [at(file, instruction, `there is no stage ${name} before this one`, error)];
  }
  const all = stages.filter((other) => other.name?.toLowerCase() === name.toLowerCase());
  if (all.some(({ index }) => index < stage.index)) return [];
  if (all.some(({ index }) => index === stage.index))
    return [at(file, instruction, `stage ${name} cannot copy from itself`, error)];
  if (all.length > 0) return [at(file, instruction, `stage ${name} stands after this one: move it up`, error)];
  // With a slash, a colon or a dot it is an image; a bare word may be one, or a context of the command line.
  if (/[/:.]/.test(name)) return [];
  return [at(file, instruction, `no earlier stage is called ${name}; if it is an image, give it a tag`)];
}

function repeatedName(
  file: LintFile,
  { stages }: DockerfileDocument,
  { index, name, line }: DockerfileStage,
): Complaint[] {
  const first = stages.find((other) => name !== null && other.name?.toLowerCase() === name.toLowerCase());
  if (!first || first.index === index) return [];
  const where = { line, endLine: line };
  return [at(file, where, `stage ${name} has the name of the stage in line ${first.line}`, { severity: "error" })];
}

/** `FROM build` above the stage of that name means an image called build. */
function laterBases(file: LintFile, { stages }: DockerfileDocument): Complaint[] {
  return stages.flatMap(({ image, base, index, line }) => {
    const later = stages.find((other) => other.index >= index && other.name?.toLowerCase() === image.toLowerCase());
    if (base !== null || !later) return [];
    // `FROM node AS node` is fine: the stage takes the name of its image.
    if (later.index === index) return [];
    return [
      at(file, { line, endLine: line }, `stage ${image} stands after this one, so an image of that name is taken`, {
        severity: "error",
      }),
    ];
  });
}
