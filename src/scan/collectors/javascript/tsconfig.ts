import picomatch from "picomatch";
import { listAt, stringAt, valueAt } from "../../../formats/document.ts";
import { folderOf, isIn, joinPath } from "../../../formats/tree.ts";
import type { Snapshot } from "../../snapshot.ts";

interface Compiler {
  outDir: string | undefined;
  rootDir: string | undefined;
  noEmit: boolean;
  include: readonly string[];
  /** From the root. */
  exclude: readonly string[];
}

const DEEPEST = 5;
const TYPESCRIPT = /(?<!\.d)\.([cm]?)tsx?$/;

/** The file that the compiler makes of a source, both from the root; undefined where it makes none. */
export function compiledPath(snapshot: Snapshot, config: string, source: string): string | undefined {
  const options = read(snapshot, config, 0);
  if (!options || options.noEmit) return undefined;
  const ending = `.${TYPESCRIPT.exec(source)?.[1] ?? ""}js`;
  const plain = source.replace(TYPESCRIPT, ending);
  if (options.outDir === undefined) return plain;
  const root = options.rootDir ?? commonRoot(snapshot, folderOf(config), options, source);
  if (!isIn(plain, root)) return undefined;
  return joinPath(options.outDir, root === "." ? plain : plain.slice(root.length + 1));
}

function read(snapshot: Snapshot, file: string, depth: number): Compiler | undefined {
  if (depth > DEEPEST || !snapshot.has(file)) return undefined;
  const { value } = snapshot.json(file);
  const folder = folderOf(file);
  const parents = [stringAt(value, ["extends"]), ...listAt(value, ["extends"])].filter(
    (path) => typeof path === "string" && path.startsWith("."),
  );
  const inherited = parents.map((path) => {
    const base = joinPath(folder, path as string) ?? "";
    return read(snapshot, snapshot.has(base) ? base : `${base}.json`, depth + 1);
  });
  const parent = inherited.findLast((one) => one !== undefined);
  const option = (name: string) => {
    const own = stringAt(value, ["compilerOptions", name]);
    return own === undefined ? undefined : joinPath(folder, own);
  };
  const noEmit = valueAt(value, ["compilerOptions", "noEmit"]);
  const include = [...listAt(value, ["include"]), ...listAt(value, ["files"])].filter(
    (item) => typeof item === "string",
  );
  const exclude = listAt(value, ["exclude"]).flatMap((item) =>
    typeof item === "string" ? (joinPath(folder, item) ?? []) : [],
  );
  const composite = valueAt(value, ["compilerOptions", "composite"]) === true;
  return {
    outDir: option("outDir") ?? parent?.outDir,
    rootDir: option("rootDir") ?? parent?.rootDir ?? (composite ? folder : undefined),
    noEmit: typeof noEmit === "boolean" ? noEmit : (parent?.noEmit ?? false),
    include: include.length > 0 ? include : (parent?.include ?? []),
    exclude: exclude.length > 0 ? exclude : (parent?.exclude ?? []),
  };
}

/** Where `rootDir` is not written: the deepest folder that holds all files the compiler takes. */
function commonRoot(
  snapshot: Snapshot,
  folder: string,
  { include, exclude, outDir }: Compiler,
  source: string,
): string {
  const folders = include.map((pattern) => joinPath(folder, pattern.split(/[*?{]/)[0] ?? ".") ?? folder);
  const left = exclude.length === 0 ? () => false : picomatch(exclude.flatMap((one) => [one, `${one}/**`]));
  const taken = snapshot.paths.filter(
    (path) =>
      TYPESCRIPT.test(path) &&
      isIn(path, folder) &&
      !left(path) &&
      !(outDir !== undefined && outDir !== folder && isIn(path, outDir)) &&
      (folders.length === 0 || folders.some((one) => isIn(path, one) || path.startsWith(one))),
  );
  const all = taken.length > 0 ? taken : [source];
  let root = folderOf(source);
  while (!all.every((path) => isIn(path, root))) root = folderOf(root);
  return isIn(root, folder) ? root : folder;
}
