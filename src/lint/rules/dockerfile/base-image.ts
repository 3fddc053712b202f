import type { DockerfileDocument } from "../../../formats/dockerfile/read.ts";
import { imageName } from "../../../formats/image-name.ts";
import { at, dockerfileOf } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import { sources } from "./copy.ts";

/** Tags that move to the newest release by themselves. */
const MOVING =
  /^(?:latest|edge|nightly|master|main|dev|canary|next|lts|stable|current|mainline|rolling|release)(?:-|$)/;

/** SM01 */
export const baseImage: Rule = {
  id: "SM01",
  title: "every FROM has a tag, never latest",
  help: "An image without a tag is whatever was pushed last: the same Dockerfile builds something else tomorrow. Name a version, better with its digest.",
  severity: "error",
  cis: "docker 4.2",
  origins: ["DL3006", "DL3007", "CKV_DOCKER_7"],
  kinds: ["dockerfile"],
  check(file) {
    const document = dockerfileOf(file);
    return [...document.stages.flatMap((stage) => ofStage(document, stage.index, file)), ...copied(document, file)];
  },
};

function ofStage(document: DockerfileDocument, index: number, file: LintFile): Complaint[] {
  const stage = document.stages[index];
  if (!stage || stage.base !== null || stage.image === "scratch") return [];
  const message = complaintOf(stage.image);
  if (message === undefined) return [];
  // A default of an argument can be replaced by whoever builds.
  const written = file.lines[stage.line - 1] ?? "";
  const where = { line: stage.line, endLine: stage.line };
  return [at(file, where, message, /\$/.test(written.replace(/--platform=\S+/, "")) ? { severity: "warning" } : {})];
}

/** Images that files are copied from, and mounts of them. */
function copied({ stages }: DockerfileDocument, file: LintFile): Complaint[] {
  const names = new Set(stages.map(({ name }) => name?.toLowerCase()));
  return stages.flatMap(({ instructions }) =>
    instructions.flatMap((instruction) =>
      sources(instruction).flatMap((from) => {
        // A bare word may be a context that the command line names.
        if (!/[/:]/.test(from) || names.has(from.toLowerCase())) return [];
        const message = complaintOf(from);
        return message ? [at(file, instruction, message, { severity: "warning" })] : [];
      }),
    ),
  );
}

function complaintOf(image: string): string | undefined {
  const parts = imageName(image);
  if (!parts || parts.digest !== undefined) return undefined;
  const { tag, open } = parts;
  if (tag === undefined) return open ? undefined : `${image} has no tag, so the newest image is taken: name a version`;
  return MOVING.test(tag) ? `${image} moves to the newest release: name a version instead of ${tag}` : undefined;
}
