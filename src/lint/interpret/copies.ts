import type { DockerfileInstruction } from "../../formats/dockerfile/instruction.ts";
import { baseOf, folderOf, isIn, joinPath, type Tree } from "../../formats/tree.ts";
import { type BuildContext, isWhole, mayAppear } from "./context.ts";
import { absolute, blur, isBelow, isUnknown, type Layers, presenceOf, sourcesOf } from "./layers.ts";

export interface CopySite {
  layers: Layers;
  workdir: string;
  site: BuildContext;
  tree: Tree;
  /** The files of an earlier stage; undefined for an image. */
  donor(from: string): { name: string; layers: Layers } | undefined;
}

/** Carries out a COPY or ADD; answers what is wrong with its sources. */
export function applyCopy(instruction: DockerfileInstruction, copy: CopySite): string[] {
  const { layers, workdir } = copy;
  const words = wordsOf(instruction);
  const last = words.at(-1) ?? "";
  const target = absolute(workdir, last);
  const sources = words.slice(0, -1);
  const whose = instruction.flags.some(({ name }) => name === "chown") ? undefined : "root";
  if (target === undefined || instruction.flags.some(({ name }) => name === "parents")) {
    blur(layers, "/");
    return [];
  }
  const folder = last.endsWith("/") || /(?:^|\/)\.$/.test(last) || sources.length > 1 || layers.folders.has(target);
  const into = { target, folder, whose } as const;
  if (instruction.heredocs.length > 0) {
    layers.files.set(folder ? join(target, instruction.heredocs[0]?.name ?? "") : target, null);
    return [];
  }
  const from = instruction.flags.find(({ name }) => name === "from")?.value;
  if (from) return sources.flatMap((source) => ofStage(source, from, into, copy));
  return sources.flatMap((source) => ofContext(source, instruction.keyword, into, copy));
}

interface Into {
  target: string;
  /** Whether the target is a folder by how it is written. */
  folder: boolean;
  whose: "root" | undefined;
}

function ofContext(source: string, keyword: string, into: Into, { layers, site, tree }: CopySite): string[] {
  const { target } = into;
  const bare = source.replace(/^(["'])(.*)\1$/, "$2");
  if (/\$|^[\w+.-]+:\/\/|^git@/.test(bare)) {
    blur(layers, target);
    return [];
  }
  const found = site.filesOf(bare);
  if (keyword === "ADD" && /\.(?:tar|tgz|gz|bz2|xz|zst)/.test(bare)) blur(layers, target);
  else if (found.length === 0) blur(layers, target);
  const problem = found.length === 0 ? absenceOf(bare, { site, tree }) : undefined;
  if (problem !== undefined) return [problem];
  if (/[*?[]/.test(bare)) globbed(bare, found, into, { layers, site, tree });
  else if (found.length > 0)
    copyOne(joinPath(site.root, bare.replace(/^\/+/, "")) ?? site.root, into, { layers, site, tree });
  return [];
}

function globbed(
  pattern: string,
  found: readonly string[],
  into: Into,
  where: Pick<CopySite, "layers" | "site" | "tree">,
): void {
  const root = where.site.root === "." ? 0 : where.site.root.split("/").length;
  const depth = root + pattern.split("/").filter((part) => part !== "" && part !== ".").length;
  const items = new Set(found.map((path) => path.split("/").slice(0, depth).join("/")));
  // What one file would be called depends on the target; several need a folder.
  for (const item of items) copyOne(item, { ...into, folder: into.folder || items.size > 1 }, where);
}

/** A file, or what a folder holds. */
function copyOne(
  path: string,
  { target, folder, whose }: Into,
  { layers, site, tree }: Pick<CopySite, "layers" | "site" | "tree">,
): void {
  if (tree.has(path)) {
    layers.files.set(folder || isFolder(layers, target) ? join(target, baseOf(path)) : target, path);
    return;
  }
  // Whether a copy with --chown changes the folder itself depends on the builder.
  if (whose === undefined || (presenceOf(layers, target) !== "yes" && !isUnknown(layers, target)))
    layers.folders.set(target, whose);
  layers.copied.push({
    target,
    find: (asked) => {
      const rest = asked.slice(target === "/" ? 1 : target.length + 1);
      const at = rest === "" ? path : joinPath(path, rest);
      const relative =
        at === undefined
          ? undefined
          : at === "."
            ? "."
            : site.root === "."
              ? at
              : isIn(at, site.root)
                ? at.slice(site.root.length + 1) || "."
                : undefined;
      return relative === undefined ? [] : site.filesOf(relative);
    },
  });
}

function isFolder(layers: Layers, path: string): boolean {
  return layers.folders.has(path) || layers.copied.some(({ target, find }) => find !== undefined && target === path);
}

function ofStage(source: string, from: string, { target, folder, whose }: Into, { layers, donor }: CopySite): string[] {
  const other = /\$/.test(from) ? undefined : donor(from.toLowerCase());
  const path = absolute("/", source);
  if (!other || path === undefined) {
    blur(layers, target);
    return [];
  }
  const presence = presenceOf(other.layers, path);
  if (presence !== "yes") blur(layers, target);
  if (presence === "no") return [`stage ${other.name} has no ${path}: nothing there makes or copies it`];
  if (presence === "unknown") return [];
  const file = other.layers.files.has(path) || isSingleFile(other.layers, path);
  const to = file && (folder || isFolder(layers, target)) ? join(target, baseOf(path)) : target;
  if (file) layers.files.set(to, sourcesOf(other.layers, path)[0] ?? null);
  else {
    if (presenceOf(layers, to) !== "yes" && !isUnknown(layers, to)) layers.folders.set(to, whose);
    const moved = (found: string) => join(to, found.slice(path === "/" ? 1 : path.length + 1));
    for (const [found, origin] of other.layers.files) if (isBelow(found, path)) layers.files.set(moved(found), origin);
    for (const region of other.layers.unknown) if (isBelow(region, path)) blur(layers, moved(region));
    for (const made of other.layers.folders.keys()) if (isBelow(made, path)) layers.folders.set(moved(made), whose);
    layers.copied.push({
      target: to,
      find: (asked) => sourcesOf(other.layers, join(path, asked.slice(to === "/" ? 1 : to.length + 1))),
    });
  }
  if (isUnknown(other.layers, path)) blur(layers, to);
  return [];
}

function isSingleFile(layers: Layers, path: string): boolean {
  const found = sourcesOf(layers, path);
  return (
    found.length === 1 &&
    baseOf(found[0] as string) === baseOf(path) &&
    sourcesOf(layers, join(path, baseOf(path))).length === 0
  );
}

/** Why a source that matches nothing is an error; undefined where it may appear before the build. */
function absenceOf(source: string, { site, tree }: Pick<CopySite, "site" | "tree">): string | undefined {
  // A pattern may match nothing, and the context itself may be empty.
  if (isWhole(source) || /[*?[]/.test(source) || !site.credible) return undefined;
  const all = site.allOf(source);
  if (all.length > 0)
    return `${source} is left out by ${site.ignoreFile}: let it in with !${source}, or do not copy it`;
  const path = joinPath(site.root, source.replace(/^\/+/, ""));
  if (path === undefined || !isIn(path, site.root)) return `${source} lies outside the build context`;
  if (mayAppear(tree, path)) return undefined;
  const near = nearest(tree, path);
  return `${source} is not in ${site.root === "." ? "the build context" : `the build context ${site.root}`}${near ? `; ${near} is` : ""}`;
}

/** A file of the same name elsewhere: what was probably meant. */
function nearest(tree: Tree, path: string): string | undefined {
  const base = baseOf(path).toLowerCase();
  const found = tree.paths.filter((other) => baseOf(other).toLowerCase() === base);
  return found.length === 1 && folderOf(found[0] as string) !== path ? found[0] : undefined;
}

function wordsOf({ exec, expanded }: DockerfileInstruction): string[] {
  if (exec) return exec;
  return expanded.split(/\s+/).filter((word) => word !== "");
}

function join(folder: string, name: string): string {
  if (name === "") return folder;
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
