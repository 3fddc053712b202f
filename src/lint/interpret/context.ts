import picomatch from "picomatch";
import { lazy } from "../../core/lazy.ts";
import { dockerIgnoreRules } from "../../formats/docker-ignore.ts";
import { ignoreRules, isIgnored } from "../../formats/ignore-rules.ts";
import { baseOf, folderOf, isIn, joinPath, type Tree } from "../../formats/tree.ts";
import { dockerfileOf } from "../dockerfile.ts";
import type { LintFile } from "../lint-file.ts";
import type { RuleContext } from "../rule.ts";
import { buildsOf } from "./builds.ts";

/** The files that a build sees. */
export interface BuildContext {
  /** Folder that is sent to the builder; `.` is the root. */
  root: string;
  /** Whether a file of the repository says so; otherwise it is the folder that fits best. */
  declared: boolean;
  /** Whether it holds what an application is made of, so that it can be the folder that was meant. */
  credible: boolean;
  /** The file with the rules of what is left out; undefined where there is none. */
  ignoreFile: string | undefined;
  /** Whether a path of the context is left out. */
  ignores(path: string): boolean;
  /** Paths from the root of the tree that a source of COPY names and that are not left out. */
  filesOf(source: string): readonly string[];
  /** The same with those that are left out. */
  allOf(source: string): readonly string[];
  /** Folders of the image that a run hides behind one of the machine. */
  mounts: readonly string[];
}

const KNOWN = new WeakMap<LintFile, BuildContext[]>();

/** The context that a Dockerfile is built with: as Compose files and workflows say, else the nearest folder above that has what it copies. */
export function contextOf(file: LintFile, context: RuleContext): BuildContext {
  return contextsOf(file, context)[0];
}

/** All contexts that fit equally well, the likeliest first. */
export function contextsOf(file: LintFile, context: RuleContext): [BuildContext, ...BuildContext[]] {
  const known = KNOWN.get(file) ?? choose(file, context);
  KNOWN.set(file, known);
  return known as [BuildContext, ...BuildContext[]];
}

/** Sources of COPY and ADD that lie in the context. */
function copiedSources(file: LintFile): string[] {
  return dockerfileOf(file).stages.flatMap(({ instructions }) =>
    instructions.flatMap(({ keyword, flags, words, heredocs }) => {
      if ((keyword !== "COPY" && keyword !== "ADD") || heredocs.length > 0) return [];
      if (flags.some(({ name }) => name === "from")) return [];
      return words.slice(0, -1).filter((word) => !/\$|^\w+:\/\/|^git@/.test(word));
    }),
  );
}

function choose(file: LintFile, context: RuleContext): BuildContext[] {
  const own = buildsOf(context).filter(({ dockerfile }) => dockerfile === file.path);
  const declared = own.filter(({ sure }) => sure);
  const mounts = own.flatMap((build) => build.mounts);
  const sources = copiedSources(file).filter((source) => !isWhole(source));
  const roots =
    declared.length > 0
      ? declared.map((build) => build.context)
      : [
          ...own.map((build) => build.context),
          ...foldersAbove(folderOf(file.path)),
          ...folderBelow(file, context.tree, sources),
        ];
  const rated = [...new Set(roots)].map((root) => {
    const site = contextAt(file, context, { root, declared: declared.length > 0, mounts });
    return { site, missing: sources.filter((source) => site.allOf(source).length === 0).length };
  });
  const least = Math.min(...rated.map(({ missing }) => missing));
  return rated.filter(({ missing }) => missing === least).map(({ site }) => site);
}

/** The one folder in which all sources lie, where none lies beside the file: it is the context that a command line names. */
function folderBelow(file: LintFile, tree: Tree, sources: readonly string[]): string[] {
  const here = folderOf(file.path);
  const plain = sources.filter((source) => !/[*?[]/.test(source)).map((source) => source.replace(/^\.?\/|\/$/g, ""));
  const [first] = plain;
  if (first === undefined || plain.length < 2 || plain.some((source) => named(tree, here, source).length > 0))
    return [];
  const suffix = `/${first}`;
  const folders = new Set(
    below(tree, here).flatMap((path) => {
      const at = `/${path}/`.indexOf(`${suffix}/`);
      return at <= 0 ? [] : [path.slice(0, at - 1)];
    }),
  );
  const fitting = [...folders].filter((folder) => plain.every((source) => named(tree, folder, source).length > 0));
  return fitting.length === 1 ? fitting : [];
}

function contextAt(
  file: LintFile,
  context: RuleContext,
  { root, declared, mounts }: Pick<BuildContext, "root" | "declared" | "mounts">,
): BuildContext {
  const { tree } = context;
  const ignoreFile = [`${file.path}.dockerignore`, root === "." ? ".dockerignore" : `${root}/.dockerignore`].find(
    (path) => tree.has(path),
  );
  const { hasCode, ...ground } = groundOf(context, root, ignoreFile);
  return { root, declared, credible: declared || hasCode(), ignoreFile, ...ground, mounts };
}

type Ground = Pick<BuildContext, "ignores" | "allOf" | "filesOf"> & { hasCode(): boolean };
const GROUNDS = new WeakMap<RuleContext, Map<string, Ground>>();

/** A folder with the rules of what is left out: many Dockerfiles may be built in it. */
function groundOf(context: RuleContext, root: string, ignoreFile: string | undefined): Ground {
  const known = GROUNDS.get(context) ?? new Map<string, Ground>();
  GROUNDS.set(context, known);
  const key = `${root}\0${ignoreFile ?? ""}`;
  const found = known.get(key) ?? makeGround(context.tree, root, ignoreFile);
  known.set(key, found);
  return found;
}

function makeGround(tree: Tree, root: string, ignoreFile: string | undefined): Ground {
  const ignores = dockerIgnoreRules((ignoreFile && tree.text(ignoreFile)) ?? "");
  const relative = (path: string) => (root === "." ? path : path.slice(root.length + 1));
  const allOf = memo((source) => named(tree, root, source));
  const isLeftOut = memo((path) => ignores(relative(path)));
  return {
    ignores,
    allOf,
    filesOf: memo((source) => allOf(source).filter((path) => !isLeftOut(path))),
    hasCode: lazy(() => allOf(".").some((path) => !isOfDocker(path))),
  };
}

function memo<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, { value: T }>();
  return (key) => {
    const found = known.get(key) ?? { value: make(key) };
    known.set(key, found);
    return found.value;
  };
}

/** Whether a source is the whole context. */
export function isWhole(source: string): boolean {
  return /^\.?\/?\.?\/?$/.test(source);
}

function named(tree: Tree, root: string, source: string): string[] {
  const bare = source.replace(/^["']|["']$/g, "");
  if (isWhole(bare)) return below(tree, root);
  const clean = joinPath(root, bare.replace(/^\/+/, ""));
  if (clean === undefined || !isIn(clean, root)) return [];
  if (!/[*?[]/.test(clean)) return tree.has(clean) ? [clean] : below(tree, clean);
  const fixed = clean.slice(0, clean.search(/[*?[]/));
  const matches = picomatch(clean, { dot: true, nobrace: true, noextglob: true, noglobstar: true });
  const depth = clean.split("/").length;
  // A pattern may match a folder, whose files are copied.
  return below(tree, fixed.includes("/") ? folderOf(fixed) : root).filter((path) =>
    matches(path.split("/").slice(0, depth).join("/")),
  );
}

/** Files in a folder. */
function below({ paths }: Tree, folder: string): string[] {
  if (folder === ".") return [...paths];
  const prefix = `${folder}/`;
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] as string) < prefix) low = middle + 1;
    else high = middle;
  }
  const found: string[] = [];
  for (let at = low; at < paths.length && (paths[at] as string).startsWith(prefix); at += 1)
    found.push(paths[at] as string);
  return found;
}

function foldersAbove(folder: string): string[] {
  return folder === "." ? ["."] : [folder, ...foldersAbove(folderOf(folder))];
}

function isOfDocker(path: string): boolean {
  return (
    /dockerfile|containerfile|dockerignore|compose\.ya?ml$|^readme|^license/i.test(baseOf(path)) ||
    /(?:^|\/)\.git/.test(path)
  );
}

/** Folders that a build or an installation makes, and that a scan does not look into. */
const MADE =
  /(?:^|\/)(?:node_modules|dist|build|builds|out|output|target|bin|obj|release|releases|publish|published|artifacts?|packages?-dist|pkg|public|static|assets|_site|site|generated|gen|vendor|third_party|libs?|tmp|temp|certs?|ssl|keys?|secrets?|data|models?|weights|coverage|\.(?:yarn|git|venv|next|nuxt|output|svelte-kit|cache|gradle|m2|bundle|terraform|vercel|npm|pnpm-store|angular|nx|turbo|aws|ssh|docker)|venv|env|_build|deps|wheels?|wheelhouse|rootfs|stage|staging)(?:\/|$)|\.(?:jar|war|ear|whl|tgz|tar|gz|zip|so|deb|rpm|apk|exe|dll|wasm|pem|crt|key|p12|jks|bin|onnx|pt|db|sqlite3?)$|(?:^|\/)\.(?:env|npmrc|netrc)[\w.]*$|(?:^|\/)(?:[A-Z_]*VERSION|version\.(?:txt|json))$/i;

/** Whether a path that is not there may be made before the image is built: by a build, by hand, as a submodule. */
export function mayAppear(tree: Tree, path: string): boolean {
  if (MADE.test(path)) return true;
  if (tree.has(".gitmodules") && submodules(tree.text(".gitmodules") ?? "").some((module) => isIn(path, module)))
    return true;
  const rules = foldersAbove(folderOf(path))
    .toReversed()
    .map((folder) => {
      const file = folder === "." ? ".gitignore" : `${folder}/.gitignore`;
      return ignoreRules(tree.has(file) ? (tree.text(file) ?? "") : "", folder);
    });
  // Of a folder that is ignored everything is.
  return [path, ...foldersAbove(path)].some((part) => isIgnored(part, rules) || isIgnored(`${part}/`, rules));
}

function submodules(text: string): string[] {
  return [...text.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map(([, path = ""]) => path);
}
