import { attributeOf, type HclBlock, type HclFile, readHcl } from "../../../formats/hcl/read.ts";
import { hclValue } from "../../../formats/hcl/value.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";

/** A block of a file of a module. */
export interface Part {
  file: LintFile;
  block: HclBlock;
}

/** A `resource` or `data` block. */
export interface Resource extends Part {
  type: string;
  name: string;
  /** As others refer to it: `aws_lb.main`, `data.aws_vpc.main`. */
  address: string;
}

/** The `.tf` files of a folder, which Terraform reads as one. */
export interface Module {
  folder: string;
  files: readonly { file: LintFile; hcl: HclFile }[];
  resources: readonly Resource[];
  data: readonly Resource[];
  /** Blocks of a type at the top of the files. */
  blocks(type: string): readonly Part[];
  /** The resources of a type. */
  ofType(type: string): readonly Resource[];
  /** Whether each file could be read to its end. */
  complete: boolean;
}

const known = new WeakMap<readonly LintFile[], Map<string, Module>>();

/** All modules under check, by folder. */
export function modulesOf({ files }: RuleContext): ReadonlyMap<string, Module> {
  const found = known.get(files) ?? readModules(files);
  known.set(files, found);
  return found;
}

function readModules(files: readonly LintFile[]): Map<string, Module> {
  const own = files.filter(({ kind, path }) => kind === "terraform" && path.endsWith(".tf"));
  const byFolder = Map.groupBy(own, ({ path }) => folderOf(path));
  return new Map([...byFolder].map(([folder, list]) => [folder, moduleIn(folder, list)]));
}

function moduleIn(folder: string, list: readonly LintFile[]): Module {
  const files = list.map((file) => ({ file, hcl: readHcl(file.text) }));
  const all = Map.groupBy(
    files.flatMap(({ file, hcl }) => hcl.blocks.map((block) => ({ file, block }))),
    ({ block }) => block.type,
  );
  const blocks = (type: string) => all.get(type) ?? [];
  const named = (type: string) =>
    blocks(type).flatMap(({ file, block }) => {
      const [kind, name] = block.labels;
      if (kind === undefined || name === undefined) return [];
      return [{ file, block, type: kind, name, address: `${type === "data" ? "data." : ""}${kind}.${name}` }];
    });
  const resources = named("resource");
  const types = Map.groupBy(resources, ({ type }) => type);
  return {
    folder,
    files,
    resources,
    data: named("data"),
    blocks,
    ofType: (type) => types.get(type) ?? [],
    complete: files.every(({ hcl }) => hcl.problems.length === 0),
  };
}

/** The text of a block. */
export function textOf({ file, block }: Part): string {
  return file.text.slice(block.start, block.end);
}

/** Whether a text refers to an address: `aws_lb.main`, `var.name`. */
export function refersTo(text: string, address: string): boolean {
  if (!text.includes(address)) return false;
  return new RegExp(`(?<![\\w.-])${address.replace(/[^\w-]/g, "\\$&")}(?![\\w-])`).test(text);
}

/** Whether anything in a module but the block itself refers to an address. */
export function isReferenced({ files }: Module, address: string, own: Part): boolean {
  return files.some(({ file }) => {
    const text = file === own.file ? file.text.slice(0, own.block.start) + file.text.slice(own.block.end) : file.text;
    return refersTo(text, address);
  });
}

/** The folders of the modules that a module calls by a path. */
export function calledFolders(module: Module): string[] {
  return module.blocks("module").flatMap(({ block }) => {
    const source = hclValue(attributeOf(block.body, "source")?.text ?? "");
    const local = typeof source === "string" && /^\.{1,2}\//.test(source) ? joinPath(module.folder, source) : undefined;
    return local === undefined ? [] : [local];
  });
}
