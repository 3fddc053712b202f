import type { DockerfileInstruction } from "../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument, DockerfileStage } from "../../formats/dockerfile/read.ts";
import type { Tree } from "../../formats/tree.ts";
import { at, commandsOf, dockerfileOf } from "../dockerfile.ts";
import type { Complaint } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import type { RuleContext } from "../rule.ts";
import type { ShellStep } from "../shell.ts";
import { isPlainImage } from "./base-images.ts";
import type { BuildContext } from "./context.ts";
import { applyCopy } from "./copies.ts";
import { absolute, baseLayers, blur, branch, type Layers, presenceOf, sourcesOf } from "./layers.ts";
import { applyStep } from "./run-effects.ts";

/** An image as it is after an instruction. */
export interface ImageState {
  layers: Layers;
  workdir: string;
  /** Of USER; empty where nobody set one. */
  user: string;
}

/** A command of a RUN, before it runs. */
export interface RunSite extends ImageState {
  instruction: DockerfileInstruction;
  step: ShellStep;
  /** Folder that it runs in. */
  folder: string;
  stage: DockerfileStage;
  context: BuildContext;
}

export interface Walked {
  document: DockerfileDocument;
  context: BuildContext;
  /** Each stage when it is done. */
  ends: ImageState[];
  complaints: Complaint[];
}

/** Walks through the stages of a Dockerfile over a model of the files in them; `look` sees each command before it runs. */
export function walkStages(
  file: LintFile,
  { rules, context }: { rules: RuleContext; context: BuildContext },
  look: (site: RunSite) => Complaint[],
): Walked {
  const document = dockerfileOf(file);
  const ends: ImageState[] = [];
  const complaints: Complaint[] = [];
  for (const stage of document.stages) {
    const base = stage.base === null ? undefined : ends[stage.base];
    const state: ImageState = base
      ? { ...base, layers: branch(base.layers) }
      : { layers: baseLayers(isPlainImage(stage.image)), workdir: "/", user: "" };
    for (const instruction of stage.instructions) {
      if (instruction.keyword === "WORKDIR") enter(instruction, state);
      else if (instruction.keyword === "USER") state.user = instruction.expanded.trim().replace(/^["']|["']$/g, "");
      else if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
        const donor = (from: string) => donorOf(from, document, { ends, index: stage.index });
        const found = applyCopy(instruction, { ...state, site: context, tree: rules.tree, donor });
        complaints.push(...found.map((message) => at(file, instruction, message)));
      } else if (instruction.keyword === "RUN")
        complaints.push(...run(file, instruction, { state, stage, context, tree: rules.tree, look }));
    }
    ends.push(state);
  }
  return { document, context, ends, complaints };
}

function enter({ expanded }: DockerfileInstruction, state: ImageState): void {
  const folder = absolute(state.workdir, expanded.trim());
  if (folder === undefined) {
    blur(state.layers, "/");
    return;
  }
  state.workdir = folder;
  if (presenceOf(state.layers, folder) !== "yes")
    state.layers.folders.set(folder, isRoot(state.user) ? "root" : undefined);
}

function donorOf(
  from: string,
  { stages }: DockerfileDocument,
  { ends, index }: { ends: readonly ImageState[]; index: number },
): { name: string; layers: Layers } | undefined {
  const stage = stages.findLast(
    (other) => other.index < index && (other.name?.toLowerCase() === from || String(other.index) === from),
  );
  const end = stage && ends[stage.index];
  return stage && end ? { name: stage.name ?? String(stage.index), layers: end.layers } : undefined;
}

function run(
  file: LintFile,
  instruction: DockerfileInstruction,
  {
    state,
    stage,
    context,
    tree,
    look,
  }: {
    state: ImageState;
    stage: DockerfileStage;
    context: BuildContext;
    tree: Tree;
    look: (site: RunSite) => Complaint[];
  },
): Complaint[] {
  const mounted = withMounts(instruction, state);
  const place = {
    layers: state.layers,
    folder: state.workdir,
    workdir: state.workdir,
    root: isRoot(state.user),
    textOf: (path: string) => textAt(tree, mounted ?? state.layers, path),
  };
  return commandsOf(file, instruction).flatMap((step) => {
    const found = look({
      ...state,
      layers: mounted ?? state.layers,
      instruction,
      step,
      folder: place.folder,
      stage,
      context,
    });
    if (mounted) applyStep(step, { ...place, layers: mounted });
    applyStep(step, place);
    return found;
  });
}

/** The text of a file of an image that comes from the repository. */
function textAt(tree: Tree, layers: Layers, path: string): string | undefined {
  const [source] = sourcesOf(layers, path);
  return source === undefined ? undefined : tree.text(source);
}

/** What a RUN sees beside the image: files of bind mounts. What caches hold is not known. */
function withMounts({ flags }: DockerfileInstruction, { layers, workdir }: ImageState): Layers | undefined {
  const mounts = flags.filter(({ name }) => name === "mount").map(({ value }) => value ?? "");
  if (mounts.length === 0) return undefined;
  const seen = branch(layers);
  for (const mount of mounts) {
    if (/type=(?:secret|ssh)/.test(mount)) continue;
    const target = /(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(mount)?.[1];
    blur(seen, (target === undefined ? undefined : absolute(workdir, target)) ?? "/");
  }
  return seen;
}

/** Whether a USER is root; nobody named is. */
export function isRoot(user: string): boolean {
  return user === "" || /^(?:root|0)(?::|$)/.test(user);
}
