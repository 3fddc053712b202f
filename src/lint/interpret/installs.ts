import { baseOf, type Tree } from "../../formats/tree.ts";
import { at } from "../dockerfile.ts";
import type { Complaint } from "../finding.ts";
import type { LintFile } from "../lint-file.ts";
import { presenceOf, sourcesOf } from "./layers.ts";
import { LOCKS } from "./lock-files.ts";
import { isRoot, type RunSite } from "./walk.ts";

/** A command that cannot run without certain files. */
interface Need {
  /** Any of them, in the folder that it runs in. */
  files: readonly string[];
  /** A manager with a lock file of its own: that of another is no use. */
  manager?: string;
  /** Whether it writes beside them. */
  writes: boolean;
}

/** What is wrong with a command that installs dependencies: files it needs, and a folder it may write into. */
export function installProblems(file: LintFile, tree: Tree, site: RunSite): Complaint[] {
  const need = needOf(site.step.argv);
  if (!need || site.folder === "/") return [];
  const missing = missingFiles(tree, site, need);
  if (missing !== undefined) return [at(file, site.step.start, missing)];
  const unwritable = need.writes ? lockedFolder(site) : undefined;
  return unwritable === undefined ? [] : [at(file, site.step.start, unwritable)];
}

function needOf(argv: readonly string[]): Need | undefined {
  const [program = "", verb = ""] = argv;
  const has = (pattern: RegExp) => argv.some((word) => pattern.test(word));
  if (has(/^(?:--prefix|--cwd|-C|--dir|-f|--project|--directory|--help|--version|--manifest-path)/)) return undefined;
  if (program === "npm" && /^(?:ci|clean-install)$/.test(verb))
    return { files: LOCKS.npm ?? [], manager: "npm", writes: true };
  if (program === "pnpm" && has(/^(?:install|i)$/) && has(/^--frozen-lockfile$/))
    return { files: LOCKS.pnpm ?? [], manager: "pnpm", writes: true };
  if (program === "yarn" && has(/^--immutable$/)) return { files: LOCKS.yarn ?? [], manager: "yarn", writes: true };
  if (program === "uv" && verb === "sync" && has(/^--(?:locked|frozen)$/)) return { files: ["uv.lock"], writes: true };
  if (program === "pipenv" && verb === "install" && has(/^--deploy$/))
    return { files: ["Pipfile.lock"], writes: false };
  if (program === "cargo" && has(/^--(?:locked|frozen)$/) && verb !== "install")
    return { files: ["Cargo.lock"], writes: true };
  if (program === "go" && verb === "mod" && argv[2] === "download") return { files: ["go.mod"], writes: false };
  const requirements = requirementsOf(argv);
  return requirements === undefined ? undefined : { files: [requirements], writes: false };
}

/** The file of `pip install -r FILE`. */
function requirementsOf(argv: readonly string[]): string | undefined {
  const start = argv.findIndex((word) => /(?:^|\/)pip3?$/.test(word));
  if (start === -1 || argv[start + 1] !== "install") return undefined;
  const flag = argv.findIndex((word, index) => index > start && /^(?:-r|--requirement)$/.test(word));
  const value =
    flag === -1
      ? argv.find((word) => /^(?:-r|--requirement=)./.test(word))?.replace(/^(?:-r|--requirement=)/, "")
      : argv[flag + 1];
  return value === undefined || /[$*]|^https?:|^-/.test(value) ? undefined : value;
}

function missingFiles(
  tree: Tree,
  { layers, folder, context, step }: RunSite,
  { files, manager }: Need,
): string | undefined {
  if (!context.credible) return undefined;
  const places = files.map((name) => (name.startsWith("/") ? name : `${folder}/${name}`.replace(/\/\.\//g, "/")));
  if (places.some((path) => /\/\.\.(?:\/|$)/.test(path) || presenceOf(layers, path) !== "no")) return undefined;
  const [name = ""] = files;
  const command = step.argv.slice(0, 2).join(" ");
  const other =
    manager &&
    Object.entries(LOCKS).find(
      ([id, names]) => id !== manager && names.some((lock) => presenceOf(layers, `${folder}/${lock}`) === "yes"),
    );
  if (other)
    return `${command} needs ${name}, but ${baseOf(other[1].find((lock) => presenceOf(layers, `${folder}/${lock}`) === "yes") ?? "")} is there: use ${other[0]}`;
  const own = files.flatMap((wanted) => context.allOf(wanted));
  if (own.length > 0 && own.every((path) => context.ignores(path)))
    return `${command} needs ${name}, which ${context.ignoreFile} leaves out`;
  if (files.some((wanted) => namesIn(tree).has(baseOf(wanted))))
    return `${command} needs ${name} in ${folder}, where nothing was copied of that name: copy it before`;
  // Where the manifest itself is not known to be there, the folder may be another one than it seems.
  if (manager && sourcesOf(layers, `${folder}/package.json`).length === 0) return undefined;
  return `${command} needs ${name}, which the repository does not have: commit it`;
}

const names = new WeakMap<Tree["paths"], ReadonlySet<string>>();

/** The base names of all files. */
function namesIn({ paths }: Tree): ReadonlySet<string> {
  const found = names.get(paths) ?? new Set(paths.map(baseOf));
  names.set(paths, found);
  return found;
}

/** Why a user cannot write into the folder that the command works in. */
function lockedFolder({ layers, folder, user, step }: RunSite): string | undefined {
  if (isRoot(user) || layers.folders.get(folder) !== "root") return undefined;
  return `${user} cannot write to ${folder}, which belongs to root: chown it before USER, or run ${step.argv.slice(0, 2).join(" ")} before it`;
}
