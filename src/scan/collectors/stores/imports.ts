import type { Place } from "../../../formats/document.ts";
import type { Masked } from "../../../formats/mask.ts";
import { matchesIn } from "../../../formats/needed-words.ts";
import { places } from "../../../formats/text.ts";
import { extensionOf } from "../../../formats/tree.ts";
import type { Ecosystem } from "../../declared/dependency.ts";
import { oncePerSnapshot } from "../../once.ts";
import type { Snapshot } from "../../snapshot.ts";
import { isQuoted } from "../environment/quoted.ts";

/** A module that a file of code uses. */
export interface Import {
  ecosystem: Ecosystem;
  /** As the code writes it. */
  name: string;
  place: Place;
}

interface Form {
  ecosystem: Ecosystem;
  extensions: string;
  pattern: RegExp;
}

const FORMS: readonly Form[] = [
  {
    ecosystem: "npm",
    extensions: "js mjs cjs jsx ts mts cts tsx vue svelte astro",
    pattern: /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'`](?:npm:)?([@\w][^"'`\n]*)["'`]/g,
  },
  {
    ecosystem: "pypi",
    extensions: "py",
    pattern: /^[ \t]*(?:from\s+([A-Za-z_][\w.]*)\s+import\b|import\s+([A-Za-z_][\w., \t]*))/gm,
  },
  {
    ecosystem: "go",
    extensions: "go",
    pattern: /(?:^|\n)[ \t]*(?:import\s+)?(?:[\w.]+\s+)?"([\w.-]+\.[a-z]+\/[^"\n]+)"/g,
  },
  { ecosystem: "cargo", extensions: "rs", pattern: /(?<![\w:])([a-z_][a-z0-9_]*)::/g },
  { ecosystem: "maven", extensions: "java kt kts scala groovy", pattern: /^[ \t]*import\s+(?:static\s+)?([\w.]+)/gm },
  {
    ecosystem: "nuget",
    extensions: "cs fs vb",
    pattern: /^[ \t]*(?:(?:global\s+)?using|open|Imports)\s+(?:static\s+)?(?:\w+\s*=\s*)?([A-Z][\w.]*)/gm,
  },
  {
    ecosystem: "rubygems",
    extensions: "rb ru rake",
    pattern: /(?<![\w:])(?:::)?([A-Z]\w*(?:::[A-Z]\w*)*)(?=\.|::|\s*$|[\s,)])/gm,
  },
  {
    ecosystem: "packagist",
    extensions: "php",
    pattern: /(?:^[ \t]*use\s+|\bnew\s+\\?|(?<![\w\\])\\)([A-Z]\w*(?:\\\w+)*)/gm,
  },
  {
    ecosystem: "hex",
    extensions: "ex exs",
    pattern: /(?<![\w.])([A-Z]\w*(?:\.[A-Z]\w*)*)(?=\.|[,\s)\]}])|(?<![\w:])(:[a-z_]+)\./g,
  },
];
const FORM_OF = new Map(FORMS.flatMap((form) => form.extensions.split(" ").map((extension) => [extension, form])));

const once = oncePerSnapshot<readonly Import[]>();

/** What a file of code uses, each name once; read once for each snapshot. */
export function importsOf(snapshot: Snapshot, file: string): readonly Import[] {
  return once(snapshot, file, () => readImports(snapshot, file));
}

function readImports(snapshot: Snapshot, file: string): Import[] {
  const form = FORM_OF.get(extensionOf(file));
  const masked = form && snapshot.code(file);
  if (!form || !masked) return [];
  const at = places(masked.code);
  const found = new Map<string, Import>();
  for (const match of matchesIn(masked.code, form.pattern))
    for (const part of (match[1] ?? match[2] ?? "").split(/\s*,\s*/)) {
      const name = part.replace(/\s+as\s+\w+$/, "").trim();
      if (name === "" || found.has(name) || isInText(form, masked, match)) continue;
      const offset = match.index + match[0].search(/\S/);
      found.set(name, { ecosystem: form.ecosystem, name, place: at(offset) });
    }
  return [...found.values()];
}

/** A word of a message is no module, and an import in a string is of a program that is written there. */
function isInText({ ecosystem }: Form, masked: Masked, { index, 0: all }: RegExpExecArray): boolean {
  const isNamedInString = ecosystem === "npm" || ecosystem === "go";
  return isQuoted(masked, index + (isNamedInString ? Math.max(0, all.search(/\S/)) : all.length - 1));
}

/** A name and what it lies in: `a/b/c`, `a/b`, `a`. */
export function enclosing(name: string): string[] {
  const ends = [...name.matchAll(/::|[/.\\]/g)].map(({ index }) => index).reverse();
  return [name, ...ends.map((end) => name.slice(0, end))];
}
