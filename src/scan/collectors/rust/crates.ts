import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf, isIn, joinPath } from "../../../formats/tree.ts";
import { dependenciesOf } from "../../dependencies.ts";
import type { Snapshot } from "../../snapshot.ts";

/** A program that a crate builds. */
export interface RustBinary {
  name: string;
  /** The file with `fn main`. */
  file: string;
}

/** The name of the package in a folder. */
export function crateName(snapshot: Snapshot, folder: string): string | undefined {
  return stringAt(manifest(snapshot, folder).value, ["package", "name"]);
}

/** The document of a folder's `Cargo.toml`. */
export function manifest(snapshot: Snapshot, folder: string) {
  return snapshot.toml(manifestFile(folder));
}

/** The path of a folder's `Cargo.toml`, be it there or not. */
export function manifestFile(folder: string): string {
  return joinPath(folder, "Cargo.toml") as string;
}

/** The folder of the workspace that a crate belongs to, itself where it is the root; undefined without one. */
export function workspaceOf(snapshot: Snapshot, folder: string): string | undefined {
  for (let at = folder; ; at = folderOf(at)) {
    const { value } = manifest(snapshot, at);
    if (Object.keys(recordAt(value)).includes("workspace")) {
      const excluded = listAt(value, ["workspace", "exclude"]).map((path) => joinPath(at, String(path)));
      return excluded.some((path) => path !== undefined && isIn(folder, path)) ? undefined : at;
    }
    if (at === ".") return undefined;
  }
}

/** All programs of a crate, as Cargo finds them: `[[bin]]`, `src/main.rs`, `src/bin`. */
export function binariesOf(snapshot: Snapshot, folder: string): RustBinary[] {
  const { value } = manifest(snapshot, folder);
  const name = stringAt(value, ["package", "name"]);
  if (name === undefined) return [];
  const at = (path: string) => joinPath(folder, path) as string;
  const declared = listAt(value, ["bin"]).flatMap((bin): RustBinary[] => {
    const own = stringAt(bin, ["name"]) ?? name;
    const path = stringAt(bin, ["path"]);
    const places = path === undefined ? [`src/bin/${own}.rs`, `src/bin/${own}/main.rs`, "src/main.rs"] : [path];
    const file = places.map(at).find((place) => snapshot.has(place));
    return file === undefined ? [] : [{ name: own, file }];
  });
  const files = new Set(declared.map(({ file }) => file));
  const found = recordAt(value, ["package"]).autobins === false ? [] : conventional(snapshot, folder, name);
  return [...declared, ...found.filter(({ file }) => !files.has(file))];
}

function conventional(snapshot: Snapshot, folder: string, name: string): RustBinary[] {
  const main = joinPath(folder, "src/main.rs") as string;
  const bins = joinPath(folder, "src/bin") as string;
  const flat = snapshot.inFolder(bins).filter((path) => path.endsWith(".rs"));
  const nested = snapshot.folders
    .filter((path) => folderOf(path) === bins)
    .flatMap((path) => (snapshot.has(`${path}/main.rs`) ? [{ name: baseOf(path), file: `${path}/main.rs` }] : []));
  return [
    ...(snapshot.has(main) ? [{ name, file: main }] : []),
    ...flat.map((file) => ({ name: baseOf(file).replace(/\.rs$/, ""), file })),
    ...nested,
  ];
}

const MODULES = /\bmod\s+\w+\s*;|\bcrate::/;

/** The code of a program: its file, the crate where it uses more of it, the crates of the repository that this code uses. */
export function codeOf(
  snapshot: Snapshot,
  folder: string,
  { file }: RustBinary,
): { files: string[]; crates: string[] } {
  const others = new Set(binariesOf(snapshot, folder).map((binary) => binary.file));
  const uses = new RegExp(`${MODULES.source}|\\b${identifier(crateName(snapshot, folder) ?? "")}::`);
  const own = uses.test(snapshot.code(file)?.bare ?? "")
    ? sourcesOf(snapshot, folder).filter((path) => !others.has(path))
    : [];
  const files = new Set([file, ...own]);
  const crates = new Set([folder]);
  const open = [folder];
  for (let at = open.shift(); at !== undefined; at = open.shift())
    for (const { ecosystem, name, path, group } of dependenciesOf(snapshot, at)) {
      if (ecosystem !== "cargo" || path === null || group === "dev" || crates.has(path)) continue;
      const mention = new RegExp(`\\b${identifier(name)}\\b`);
      if (![...files].some((each) => mention.test(snapshot.code(each)?.bare ?? ""))) continue;
      crates.add(path);
      open.push(path);
      const foreign = new Set(binariesOf(snapshot, path).map((binary) => binary.file));
      for (const each of sourcesOf(snapshot, path)) if (!foreign.has(each)) files.add(each);
    }
  return { files: [...files], crates: [...crates] };
}

/** A package's name as code writes it. */
export function identifier(name: string): string {
  return name.replaceAll("-", "_");
}

function sourcesOf(snapshot: Snapshot, folder: string): string[] {
  const source = joinPath(folder, "src") as string;
  return snapshot.withExtension("rs").filter((path) => isIn(path, source));
}
