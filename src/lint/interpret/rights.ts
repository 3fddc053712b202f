import type { DockerfileInstruction } from "../../formats/dockerfile/instruction.ts";
import { imageName, officialName } from "../../formats/image-name.ts";
import { at, baseImageOf, inheritedInstructions } from "../dockerfile.ts";
import type { Complaint } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import { absolute } from "./layers.ts";
import { isRoot, type Walked } from "./walk.ts";

/** Folders that the program must write to and its user cannot. */
export function rightsProblems(file: LintFile, { document, ends }: Walked): Complaint[] {
  const stage = document.stages.at(-1);
  const end = ends.at(-1);
  if (!stage || !end || isRoot(end.user) || /\$/.test(end.user)) return [];
  const instructions = inheritedInstructions(document, stage);
  const image = imageName(baseImageOf(document, stage));
  const complaints = volumes(file, instructions, { ...end, mentions: mentionsOf(instructions) });
  if (image && officialName(image) === "nginx" && !/unprivileged/.test(image.tag ?? ""))
    complaints.push(...nginx(file, instructions, end.user));
  return complaints;
}

function mentionsOf(instructions: readonly DockerfileInstruction[]): string {
  return instructions
    .filter(({ keyword }) => keyword === "RUN")
    .map(({ argument, heredocs }) => [argument, ...heredocs.map(({ text }) => text)].join("\n"))
    .join("\n");
}

/** A volume gets the owner of its folder, which is root where nobody changed it. */
function volumes(
  file: LintFile,
  instructions: readonly DockerfileInstruction[],
  { layers, workdir, user, mentions }: Walked["ends"][number] & { mentions: string },
): Complaint[] {
  return instructions.flatMap((instruction) => {
    if (instruction.keyword !== "VOLUME") return [];
    return (instruction.exec ?? instruction.expanded.split(/\s+/)).flatMap((word) => {
      const path = absolute(workdir, word);
      if (path === undefined || !layers.plain || /\b(?:chown|chmod|install|adduser|useradd)\b[^\n]*\$/.test(mentions))
        return [];
      const owner = layers.folders.has(path) ? layers.folders.get(path) : mentions.includes(path) ? undefined : "root";
      if (owner !== "root" || (layers.files.size === 0 && layers.copied.length === 0)) return [];
      return [
        at(
          file,
          instruction,
          `${user} cannot write to the volume ${path}, which belongs to root: chown it before USER`,
          {
            severity: "warning",
          },
        ),
      ];
    });
  });
}

/** The image of nginx keeps its cache and its pid in folders of root. */
function nginx(file: LintFile, instructions: readonly DockerfileInstruction[], user: string): Complaint[] {
  const last = instructions.findLast(({ keyword }) => keyword === "USER");
  const told = /\/var\/(?:cache\/nginx|run)|\/run\b|chown/.test(mentionsOf(instructions));
  // A configuration of its own may put both elsewhere.
  const own = instructions.some(
    ({ keyword, words }) =>
      keyword === "COPY" &&
      words.some((word) => /nginx\.conf/.test(word)) &&
      /\/etc\/nginx\/?(?:nginx\.conf)?$/.test(words.at(-1) ?? ""),
  );
  if (!last || told || own) return [];
  return [
    at(
      file,
      last,
      `${user} cannot write to /var/cache/nginx and /var/run: take nginxinc/nginx-unprivileged, or chown both`,
    ),
  ];
}
