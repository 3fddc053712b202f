import type { View } from "../../collector.ts";
import type { Evidence, Kind } from "../../fact.ts";

/** What is known of a program in a language with few rules of its own. */
export interface SimpleProgram {
  language: string;
  /** Name of what runs it, and its version as some file says. */
  runtime: { name: string; version?: string | undefined };
  at: Evidence;
  /** Whether a manifest of the language says so, and not a file's name alone. */
  declared: boolean;
  name?: string | undefined;
  packageManager?: string;
  framework?: string | undefined;
  kind?: Kind | undefined;
  install?: string;
  build?: string | undefined;
  test?: string;
  start?: string | undefined;
  /** Folder of built pages. */
  output?: string;
  /** Where the framework listens unless it is told otherwise. */
  port?: number | undefined;
  /** Where the port is seen, if not by habit. */
  portAt?: Evidence;
}

/** Looks whether a unit is written in a language. */
export type SimpleLanguage = (view: View) => SimpleProgram | undefined;

/** A file of the unit's folder, if it is there, with its text. */
export function ownFile(view: View, ...names: string[]): { file: string; text: string } | undefined {
  for (const name of names) {
    const file = view.path(name);
    const text = file !== undefined && view.snapshot.has(file) ? view.snapshot.text(file) : undefined;
    if (file !== undefined && text !== undefined) return { file, text };
  }
  return undefined;
}

/** A file directly in the unit's folder by its ending. */
export function ownEnding(view: View, ending: string): { file: string; text: string } | undefined {
  const file = view.snapshot.inFolder(view.unit.path).find((path) => path.endsWith(ending));
  const text = file === undefined ? undefined : view.snapshot.text(file);
  return file === undefined || text === undefined ? undefined : { file, text };
}

/** The first of some names that a text mentions as a word of its own, by the framework that has it. */
export function mentioned(text: string, names: Readonly<Record<string, RegExp>>): string | undefined {
  return Object.keys(names).find((id) => names[id]?.test(text));
}
