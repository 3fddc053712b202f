import { lazy } from "../core/lazy.ts";
import type { Place } from "../formats/document.ts";
import { matchesIn, mayMatch } from "../formats/needed-words.ts";
import { places } from "../formats/text.ts";
import { extensionOf } from "../formats/tree.ts";
import type { View } from "./collector.ts";

export interface Hit {
  file: string;
  place: Place;
  match: RegExpExecArray;
}

export interface SearchOptions {
  /** Only files with one of these extensions (without dot). */
  extensions?: readonly string[];
  /** `code` keeps strings (routes, names), `bare` blanks their insides too (calls, keywords). */
  of?: "code" | "bare";
  /** The files; by default the application code of the unit. */
  files?: readonly string[];
}

/** Where a pattern (with the flag `g`) occurs in code that is no comment, file by file, in order of paths. */
export function searchCode(
  { snapshot, sources }: Pick<View, "snapshot" | "sources">,
  pattern: RegExp,
  options: SearchOptions = {},
): Hit[] {
  const { extensions, of = "code", files = sources } = options;
  const hits: Hit[] = [];
  for (const file of extensions ? filesWith(files, extensions) : files) {
    const text = snapshot.text(file);
    const masked = text !== undefined && mayMatch(text, pattern) ? snapshot.code(file) : undefined;
    if (masked) hits.push(...hitsIn(masked[of], pattern, file));
  }
  return hits;
}

/** Where a pattern (with the flag `g`) occurs in a text, with places. */
export function hitsIn(text: string, pattern: RegExp, file: string): Hit[] {
  const at = lazy(() => places(text));
  return [...matchesIn(text, pattern)].map((match) => ({ file, match, place: at()(match.index) }));
}

const grouped = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>();

/** Files by their extension; sorted once for each list. */
export function byExtension(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = grouped.get(files) ?? Map.groupBy(files, extensionOf);
  grouped.set(files, found);
  return found;
}

/** The files with one of the extensions, in the order of the list. */
function filesWith(files: readonly string[], extensions: readonly string[]): readonly string[] {
  const sorted = byExtension(files);
  const there = new Set(extensions.filter((extension) => sorted.has(extension)));
  if (there.size > 1) return files.filter((file) => there.has(extensionOf(file)));
  const [only = ""] = there;
  return sorted.get(only) ?? [];
}
