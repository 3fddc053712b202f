import { mask } from "../../../formats/mask.ts";
import { places } from "../../../formats/text.ts";
import { folderOf, isIn, joinPath } from "../../../formats/tree.ts";
import { isAside } from "../../application-code.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";

export interface GoModule {
  /** Its `go.mod`. */
  file: string;
  folder: string;
  /** `github.com/acme/shop`; empty where the file does not say. */
  path: string;
}

export interface GoImport {
  path: string;
  file: string;
  line: number;
}

export interface GoPackage {
  folder: string;
  files: string[];
  imports: GoImport[];
  /** Where `func main` of a package main stands. */
  main: { file: string; line: number } | undefined;
}

interface GoCode {
  modules: readonly GoModule[];
  packages: ReadonlyMap<string, GoPackage>;
}

const GENERATOR = /^\/\/\s*(?:go:build|\+build)\b.*\b(?:ignore|tools?)\b/m;
const BODY = /^(?:func|type|var|const)\b/m;
const once = oncePerSnapshot<GoCode>();

/** All modules and packages of a repository; tests and files that are no part of a build are left out. */
export function goCode(snapshot: Snapshot): GoCode {
  return once(snapshot, "", () => ({ modules: findModules(snapshot), packages: findPackages(snapshot) }));
}

/** The module that a folder belongs to. */
export function moduleAt(snapshot: Snapshot, folder: string): GoModule | undefined {
  const { modules } = goCode(snapshot);
  return modules
    .filter((module) => isIn(folder, module.folder))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

/** A package and those of the repository that it imports, itself first. */
export function closureOf(snapshot: Snapshot, folder: string): GoPackage[] {
  const { packages } = goCode(snapshot);
  const found = new Map<string, GoPackage>();
  const open = [folder];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const here = found.has(next) ? undefined : packages.get(next);
    if (!here) continue;
    found.set(next, here);
    open.push(...here.imports.flatMap(({ path }) => folderOfImport(snapshot, path) ?? []));
  }
  return [...found.values()];
}

/** The folder of the repository that an import names; undefined for packages from elsewhere. */
export function folderOfImport(snapshot: Snapshot, path: string): string | undefined {
  const owners = goCode(snapshot).modules.filter(
    (module) => module.path && (path === module.path || path.startsWith(`${module.path}/`)),
  );
  const owner = owners.toSorted((a, b) => b.path.length - a.path.length)[0];
  return owner && joinPath(owner.folder, path.slice(owner.path.length + 1));
}

function findModules(snapshot: Snapshot): GoModule[] {
  return snapshot.named("go.mod").map((file) => ({
    file,
    folder: folderOf(file),
    path: /^[^\S\n]*module\s+"?([\w.~/-]+)"?\s*(?:\/\/.*)?$/m.exec(snapshot.text(file) ?? "")?.[1] ?? "",
  }));
}

function findPackages(snapshot: Snapshot): Map<string, GoPackage> {
  const packages = new Map<string, GoPackage>();
  for (const file of snapshot.withExtension("go")) {
    const text = file.endsWith("_test.go") ? undefined : snapshot.text(file);
    if (text === undefined) continue;
    const body = BODY.exec(text)?.index ?? text.length;
    const head = mask(text.slice(0, body), "go").code;
    const name = /^[^\S\n]*package\s+(\w+)/m.exec(head)?.[1];
    if (name === undefined || GENERATOR.test(text.slice(0, body))) continue;
    const folder = folderOf(file);
    const found = packages.get(folder) ?? { folder, files: [], imports: [], main: undefined };
    packages.set(folder, found);
    found.files.push(file);
    found.imports.push(...importsIn(head, file));
    const main = name === "main" ? /^func\s+main\s*\(\s*\)/m.exec(text) : null;
    if (main) found.main ??= { file, line: places(text)(main.index).line };
  }
  return packages;
}

function importsIn(head: string, file: string): GoImport[] {
  const at = places(head);
  return [...head.matchAll(/\bimport\s*(\([^)]*\)|[\w.]*\s*"[^"]+")/g)].flatMap(({ 0: all, 1: body = "", index }) =>
    [...body.matchAll(/"([^"\n]+)"/g)].map((match) => ({
      path: match[1] ?? "",
      file,
      line: at(index + all.length - body.length + match.index).line,
    })),
  );
}

/** Whether a folder of a module holds programs for those who develop it. */
export function isToolFolder(folder: string): boolean {
  return (
    isAside(folder) ||
    /(?:^|\/)(?:tools?|hack|scripts?|internal\/(?:tools?|cmd)|ci|build|contrib|_[^/]*|gen|codegen)(?:\/|$)/.test(folder)
  );
}
