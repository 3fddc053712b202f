import { joinPath } from "../../formats/tree.ts";

/** What is known of a path in an image. */
export type Presence = "yes" | "no" | "unknown";

/** A folder of the context that was copied; `find` answers the files of the repository at and below a path of the image. */
export interface Copied {
  target: string;
  /** Undefined for what was removed: then nothing of the copies before is left there. */
  find: ((path: string) => readonly string[]) | undefined;
}

/** The files of an image as far as a Dockerfile tells them. Paths are absolute. */
export interface Layers {
  /** Files that were put there, with the file of the repository they come from; null for what a command made. */
  files: Map<string, string | null>;
  copied: Copied[];
  /** Folders that were made, with whose they are: undefined where that is not known. */
  folders: Map<string, "root" | "other" | undefined>;
  /** Paths at and below which anything may be. */
  unknown: Set<string>;
  /** Whether the base image has the usual folders of a system only, so that others are empty. */
  plain: boolean;
}

/** Folders that a system or a runtime brings, in which nobody knows what lies. */
const SYSTEM =
  /^\/(?:bin|sbin|lib(?:32|64|x32)?|usr|etc|var|opt|root|home|tmp|dev|proc|sys|run|mnt|media|boot|go|cargo|rust|docker-entrypoint\.d|nix|data|config)(?:\/|$)/;
/** Folders in those that begin empty. */
const EMPTY = /^\/(?:usr\/(?:src\/)?app|usr\/src|opt\/app|home\/(?:node|app)\/app|var\/www\/app|var\/app)(?:\/|$)/;

/** The files of a base image, before anything was done. */
export function baseLayers(plain: boolean): Layers {
  return { files: new Map(), copied: [], folders: new Map(), unknown: new Set(), plain };
}

/** A copy that can change by itself. */
export function branch({ files, copied, folders, unknown, plain }: Layers): Layers {
  return {
    files: new Map(files),
    copied: [...copied],
    folders: new Map(folders),
    unknown: new Set(unknown),
    plain,
  };
}

/** Whether a file or folder is there. */
export function presenceOf(layers: Layers, path: string): Presence {
  const { files, folders, unknown, plain } = layers;
  if (files.has(path) || folders.has(path) || sourcesOf(layers, path).length > 0) return "yes";
  const prefix = path === "/" ? "/" : `${path}/`;
  for (const file of files.keys()) if (file.startsWith(prefix)) return "yes";
  for (const region of unknown) if (isBelow(path, region) || region.startsWith(prefix)) return "unknown";
  if (!plain || path === "/") return "unknown";
  return SYSTEM.test(path) && !EMPTY.test(path) ? "unknown" : "no";
}

/** The files of the repository that lie at and below a path. */
export function sourcesOf({ files, copied }: Layers, path: string): readonly string[] {
  const own = files.get(path);
  if (own) return [own];
  for (const { target, find } of copied.toReversed()) {
    if (!isBelow(path, target)) continue;
    if (!find) return [];
    const found = find(path);
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether anything may be at and below a path. */
export function isUnknown({ unknown }: Layers, path: string): boolean {
  return [...unknown].some((region) => isBelow(path, region));
}

/** Notes that anything may be at and below a path now. */
export function blur(layers: Layers, path: string): void {
  layers.unknown.add(path);
}

/** Takes away what is at and below a path. */
export function remove({ files, copied, folders }: Layers, path: string): void {
  for (const map of [files, folders]) for (const found of [...map.keys()]) if (isBelow(found, path)) map.delete(found);
  copied.push({ target: path, find: undefined });
}

/** An absolute path of a word that a command or instruction names; undefined where a variable or pattern is left in it. */
export function absolute(folder: string, word: string): string | undefined {
  const bare = word.replace(/^(["'])(.*)\1$/, "$2");
  if (/[$*?[\]{}`~]/.test(bare)) return undefined;
  const found = joinPath(folder.slice(1) || ".", bare);
  return found === undefined ? undefined : found === "." ? "/" : `/${found}`;
}

/** Whether a path is the folder itself or lies in it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}
