import { lazy } from "../../../core/lazy.ts";
import { baseOf, extensionOf } from "../../../formats/tree.ts";
import type { Snapshot } from "../../snapshot.ts";
import { AMBIGUOUS, SETTLED } from "../../tables/ambiguous-languages.ts";
import table from "../../tables/languages.json" with { type: "json" };

/** Files of Qt's translators end like those of TypeScript: `app_de.ts`. */
const TRANSLATION = /_[a-z]{2}(?:_[A-Z]{2})?\.ts$|(?:^|\/)(?:translations?|i18n|locales?|lang)\/[^/]+\.ts$/;
const WORDS =
  /^(?:licen[cs]e|readme|changelog|authors|contributors|copying|notice|version|codeowners|todo|install|news)/i;
/** What is looked at to tell languages apart. */
const HEAD = 16_384;
const LARGEST_SCRIPT = 65_536;

const extensions = lazy(() => byWord(table.extensions));
const files = lazy(() => byWord(table.filenames));
const interpreters = lazy(() => byWord(table.interpreters));
const names = lazy(
  () =>
    new Map([...Object.keys(table.extensions), ...Object.values(SETTLED)].map((name) => [name.toLowerCase(), name])),
);

/** The language of a file in linguist's spelling; undefined for data, texts, and what nothing tells apart. */
export function languageOf(snapshot: Snapshot, path: string): string | undefined {
  const base = baseOf(path);
  const named = files().get(base);
  if (named !== undefined) return named;
  const extension = extensionOf(path);
  if (extension === "") return scriptLanguage(snapshot, path, base);
  const compound = base.toLowerCase().split(".").slice(-2).join(".");
  const known = extensions().get(compound) ?? extensions().get(extension);
  if (known !== undefined) return known;
  if (extension === "ts" && TRANSLATION.test(path) && /^\s*(?:<\?xml|<!DOCTYPE TS|<TS\b)/.test(head(snapshot, path)))
    return undefined;
  if (Object.hasOwn(SETTLED, extension)) return SETTLED[extension];
  const candidates = Object.hasOwn(AMBIGUOUS, extension) ? AMBIGUOUS[extension] : undefined;
  if (!candidates) return undefined;
  const text = head(snapshot, path);
  return candidates.find(({ when }) => when === undefined || when.test(text))?.language ?? byShebang(text);
}

/** A language by its name in any case, as `linguist-language=` writes it. */
export function languageNamed(name: string): string | undefined {
  return names().get(name.replaceAll("-", " ").toLowerCase()) ?? names().get(name.toLowerCase());
}

function scriptLanguage(snapshot: Snapshot, path: string, base: string): string | undefined {
  if (WORDS.test(base) || base.startsWith(".") || snapshot.size(path) > LARGEST_SCRIPT) return undefined;
  return byShebang(head(snapshot, path));
}

function byShebang(text: string): string | undefined {
  const [, program] = /^#!\s*(?:\S*\/env\s+(?:-S\s+)?(?:\w+=\S+\s+)*)?(?:\S*\/)?([\w.+-]+)/.exec(text) ?? [];
  if (program === undefined) return undefined;
  return interpreters().get(program) ?? interpreters().get(program.replace(/[\d.]+$/, ""));
}

function head(snapshot: Snapshot, path: string): string {
  return (snapshot.text(path) ?? "").slice(0, HEAD);
}

/** The first language that has a word keeps it. */
function byWord(list: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [language, words] of Object.entries(list))
    for (const word of words.split(" ")) if (!found.has(word)) found.set(word, language);
  return found;
}
