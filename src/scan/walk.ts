import { type Foreign, foreignRules } from "../formats/git-attributes.ts";
import { type Ignores, ignoreRules, isIgnored } from "../formats/ignore-rules.ts";
import { decodeText } from "../formats/text.ts";
import { baseOf, joinPath } from "../formats/tree.ts";
import type { FileEntry, Files } from "./files.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { isSkipped, VENV_MARK } from "./skipped.ts";

/** What was not looked at, could not be read, or looks wrong. */
export interface Warning {
  message: string;
  file?: string;
  line?: number;
}

/** Problems that are told one by one; the rest is counted. */
const MOST_PROBLEMS = 50;

interface Walked {
  files: FileEntry[];
  /** Whether `.gitattributes` marks a path as vendored or generated. */
  isForeign(path: string): boolean;
  warnings: Warning[];
  truncated: boolean;
  limits: Limits;
}

interface Level {
  folder: string;
  ignores: Ignores[];
}

/** All files that count, breadth first: near the root is seen before a limit is reached. */
export function walk(files: Files, given: Partial<Limits>): Walked {
  const limits = { ...LIMITS, ...given };
  const found: FileEntry[] = [];
  const warnings: Warning[] = [];
  const foreign: Foreign[] = [];
  const repositories = new Set(submodulesOf(files));
  let problems = 0;
  let truncated = false;
  const warn = (message: string, file?: string) =>
    void warnings.push(file === undefined ? { message } : { message, file });

  const enter = ({ folder, ignores: above }: Level): Level[] => {
    if (repositories.has(folder)) return leave("a submodule: not looked at", folder);
    const here = files.list(folder);
    const names = [...here.files, ...here.folders.map((path) => ({ path }))].map(({ path }) => baseOf(path));
    if (folder !== "." && names.includes(".git")) return leave("a repository of its own: not looked at", folder);
    if (folder !== "." && names.includes(VENV_MARK)) return [];
    for (const { path, message } of here.problems) {
      problems += 1;
      if (problems <= MOST_PROBLEMS) warn(message, path);
    }
    const ignores = [...above, ...rulesIn(files, folder, names, ".gitignore", ignoreRules)];
    foreign.push(...rulesIn(files, folder, names, ".gitattributes", foreignRules));
    const kept = here.files.filter(({ path }) => baseOf(path) !== ".git" && !isIgnored(path, ignores));
    const room = limits.files - found.length;
    found.push(...kept.slice(0, room));
    if (kept.length > room) {
      warn(`only the first ${limits.files} files were looked at`);
      truncated = true;
    }
    return here.folders
      .filter((path) => !isSkipped(path, names) && !isIgnored(`${path}/`, ignores))
      .map((path) => ({ folder: path, ignores }));
  };
  const leave = (message: string, folder: string): Level[] => {
    warn(message, folder);
    return [];
  };

  let level: Level[] = [{ folder: ".", ignores: [] }];
  for (let depth = 0; level.length > 0 && !truncated; depth += 1) {
    const next: Level[] = [];
    for (const one of level) {
      next.push(...enter(one));
      if (truncated) break;
    }
    if (depth + 1 >= limits.depth && next[0] && !truncated) {
      warn(`folders deeper than ${limits.depth} were not looked at`, next[0].folder);
      truncated = true;
    }
    level = next;
  }
  if (problems > MOST_PROBLEMS) warn(`${problems - MOST_PROBLEMS} more files could not be looked at`);
  return { files: found, isForeign: (path) => saysForeign(foreign, path), warnings, truncated, limits };
}

/** The rules of the deepest folder that speaks of a path count. */
function saysForeign(rules: readonly Foreign[], path: string): boolean {
  for (let at = rules.length - 1; at >= 0; at -= 1) {
    const said = rules[at]?.(path);
    if (said !== undefined) return said;
  }
  return false;
}

function rulesIn<T>(
  files: Files,
  folder: string,
  names: readonly string[],
  name: string,
  read: (text: string, folder: string) => T,
): T[] {
  if (!names.includes(name)) return [];
  const bytes = files.read(folder === "." ? name : `${folder}/${name}`, LIMITS.headBytes);
  return bytes ? [read(decodeText(bytes).text, folder)] : [];
}

/** Folders that `.gitmodules` names: code of other repositories, whether it was fetched or not. */
function submodulesOf(files: Files): string[] {
  const bytes = files.read(".gitmodules", LIMITS.headBytes);
  if (!bytes) return [];
  const paths = decodeText(bytes).text.matchAll(/^[ \t]*path[ \t]*=[ \t]*(\S.*)$/gm);
  return [...paths].flatMap(([, path = ""]) => joinPath(".", path.trim()) ?? []).filter((path) => path !== ".");
}
