import { joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { workspaceOf } from "../workspaces.ts";

/** A call of a package manager: it runs a script or a program, in this or another package. */
type ManagerCall =
  | { kind: "script"; name: string; args: readonly string[]; folder: string }
  /** A program of a package: `pnpm exec next start`. */
  | { kind: "program"; argv: readonly string[]; folder: string }
  /** Several packages at once. */
  | { kind: "group" }
  | { kind: "other" };

const MANAGERS = new Set(["npm", "pnpm", "yarn", "bun", "cnpm"]);
const RUN = new Set(["run", "run-script", "rum"]);
const EXEC = new Set(["exec", "dlx", "x"]);
const SHORTHANDS = new Set(["start", "test", "stop", "restart"]);
const ELSEWHERE = new Set(["--prefix", "-C", "--cwd", "--dir"]);
const MEMBER = new Set(["-w", "--workspace", "--filter", "-F", "workspace"]);
const EVERYWHERE = new Set(["-r", "--recursive", "-ws", "--workspaces", "workspaces", "--parallel"]);

/** Reads a command line of a package manager; undefined for other programs. `scripts` are those of the folder. */
export function managerCall(
  snapshot: Snapshot,
  argv: readonly string[],
  folder: string,
  scripts: (folder: string) => ReadonlyMap<string, string>,
): ManagerCall | undefined {
  const [manager = ""] = argv;
  if (!MANAGERS.has(manager)) return undefined;
  const { words, where, group, tail } = sorted(snapshot, argv, folder);
  if (group || where === undefined) return { kind: "group" };
  const [verb = "", ...rest] = words;
  const args = [...rest.slice(1), ...tail];
  const [name = ""] = rest;
  const known = scripts(where);
  if (RUN.has(verb) && known.has(name)) return { kind: "script", name, args, folder: where };
  if (EXEC.has(verb)) return { kind: "program", argv: [...rest, ...tail], folder: where };
  if (RUN.has(verb))
    return manager === "yarn" && name
      ? { kind: "program", argv: [...rest, ...tail], folder: where }
      : { kind: "other" };
  const direct = manager === "npm" || manager === "cnpm" ? SHORTHANDS.has(verb) : verb !== "";
  if (direct && known.has(verb)) return { kind: "script", name: verb, args: [...rest, ...tail], folder: where };
  const installs =
    /^(?:install|i|ci|add|remove|up|upgrade|update|build|test|audit|publish|pack|link|set|config|cache|dedupe|info|create|init|prune)$/;
  if ((manager === "yarn" || manager === "pnpm") && verb !== "" && !installs.test(verb) && !SHORTHANDS.has(verb))
    return { kind: "program", argv: [...words, ...tail], folder: where };
  return { kind: "other" };
}

/** Flags of the manager itself go; what stands behind the name of the script belongs to the script. npm takes its own there too. */
function sorted(snapshot: Snapshot, [manager, ...all]: readonly string[], folder: string) {
  const words: string[] = [];
  let where: string | undefined = folder;
  let group = false;
  for (let at = 0; at < all.length; at += 1) {
    const word = all[at] as string;
    if (word === "--") return { words, where, group, tail: all.slice(at + 1) };
    const [flag = word, inline] = word.startsWith("--") ? word.split(/=(.*)/s, 2) : [word];
    const value = inline ?? all[at + 1] ?? "";
    const own = manager === "npm" || words.length < (RUN.has(words[0] ?? "") ? 2 : 1);
    const moves = own && (ELSEWHERE.has(flag) || (MEMBER.has(flag) && (flag !== "workspace" || words.length === 0)));
    if (moves) {
      where = ELSEWHERE.has(flag) ? joinPath(folder, value) : memberNamed(snapshot, folder, value);
      if (inline === undefined) at += 1;
    } else if (own && EVERYWHERE.has(flag)) group = true;
    else if (!(own && word.startsWith("-"))) words.push(word);
  }
  return { words, where, group, tail: [] };
}

function memberNamed(snapshot: Snapshot, folder: string, name: string): string | undefined {
  const workspace = workspaceOf(snapshot, folder);
  const plain = name.replace(/^\.\.\.|\.\.\.$|^\^|[{}]/g, "");
  const path = joinPath(workspace?.root ?? folder, plain);
  const scoped = [...(workspace?.names ?? [])].find(([full]) => full.endsWith(`/${plain}`))?.[1];
  return workspace?.names.get(plain) ?? (path && workspace?.members.has(path) ? path : scoped);
}
