import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import type { Evidence } from "../../fact.ts";
import { type Sign, signsIn } from "../../signs.ts";

/** State that code keeps, by its path from the folder of the unit; an absolute one stays so. */
export interface Kept {
  path: string;
  what: string;
  confidence: number;
  at: Evidence;
}

/** What code writes to paths that it names itself. */
export function writtenPaths(view: View, table: readonly Sign<string>[]): Kept[] {
  return signsIn(view, table).flatMap(({ sign, hit: { file, place, match } }): Kept[] => {
    const path = pathOf(view, file, match.groups ?? {}, match[0]);
    if (path === undefined) return [];
    return [{ path, what: sign.value, confidence: sign.confidence ?? 0.85, at: view.seen(file, place, sign.value) }];
  });
}

function pathOf(view: View, file: string, groups: Record<string, string | undefined>, all: string): string | undefined {
  const { path, base, parts, web } = groups;
  if (web !== undefined) return `wwwroot/${web}`;
  if (base !== undefined && parts !== undefined) {
    const words = [...parts.matchAll(/["']([^"']+)["']/g)].map(([, word = ""]) => word).join("/");
    const from = base === "process.cwd()" ? view.unit.path : folderOf(file);
    const found = joinPath(from, words.replace(/^\//, ""));
    return found === undefined ? undefined : insideOf(view, found);
  }
  if (path !== undefined) return plainPath(view, path);
  // CarrierWave keeps its files below the public folder unless told otherwise.
  return all.startsWith("storage") ? "public/uploads" : undefined;
}

/** A literal path; undefined for what is no state: in memory, temporary, outside. */
export function plainPath(view: View, path: string): string | undefined {
  if (
    /^\/(?:tmp|var\/tmp|dev|proc|etc|usr)\b/.test(path) ||
    /^(?::memory:|tmp\/|temp\/|\.\/tmp\/)/.test(path) ||
    /^(?:src|test)\//.test(path)
  )
    return undefined;
  if (path.startsWith("/")) return path.replace(/\/$/, "") || undefined;
  const found = joinPath(view.unit.path, path);
  return found === undefined ? undefined : insideOf(view, found);
}

function insideOf({ unit }: View, path: string): string | undefined {
  if (path === unit.path) return undefined;
  if (unit.path === ".") return path;
  return path.startsWith(`${unit.path}/`) ? path.slice(unit.path.length + 1) : undefined;
}
