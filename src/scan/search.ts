import { lazy } from "../core/lazy.ts";
import type { Place } from "../formats/document.ts";
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
export function searchCode({ snapshot, sources }: View, pattern: RegExp, options: SearchOptions = {}): Hit[] {
  const { extensions, of = "code", files = sources } = options;
  return files.flatMap((file): Hit[] => {
    if (extensions && !extensions.includes(extensionOf(file))) return [];
    const masked = snapshot.code(file);
    return masked ? hitsIn(masked[of], pattern, file) : [];
  });
}

/** Where a pattern (with the flag `g`) occurs in a text, with places. */
export function hitsIn(text: string, pattern: RegExp, file: string): Hit[] {
  const at = lazy(() => places(text));
  return [...text.matchAll(pattern)].map((match) => ({ file, match, place: at()(match.index) }));
}
