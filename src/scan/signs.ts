import type { Masked } from "../formats/mask.ts";
import type { View } from "./collector.ts";
import { byExtension, type Hit, hitsIn } from "./search.ts";

/** Words of code that show something: a row of a table. */
export interface Sign<T> {
  /** Extensions of the files, one after another: `ts js`. */
  in: string;
  /** A word that such a file has; files without it are not looked at. */
  has: string;
  /** With the flag `g`. */
  pattern: RegExp;
  value: T;
  confidence?: number;
  /** `bare` where words in strings do not count. */
  of?: "code" | "bare";
}

export const SCRIPT = "js mjs cjs ts mts cts tsx jsx";
export const JVM = "java kt kts scala groovy";

/** Where the signs of a table are seen in the code of the application, in the order of the table. */
export function signsIn<T>({ snapshot, sources }: View, table: readonly Sign<T>[]): { sign: Sign<T>; hit: Hit }[] {
  const seen = new Map<Sign<T>, Hit[]>();
  for (const [extension, files] of byExtension(sources)) {
    const rows = rowsOf(table, extension);
    if (rows.signs.length === 0) continue;
    for (const file of files) {
      const text = snapshot.text(file);
      // Most files have none of the words: they are looked through once, not once for each row.
      if (text === undefined || !rows.any.test(text)) continue;
      for (const sign of rows.signs as Sign<T>[]) {
        const masked = text.includes(sign.has) ? snapshot.code(file) : undefined;
        const hits = masked ? hitsIn(masked[sign.of ?? "code"], sign.pattern, file).filter(isCode(masked)) : [];
        if (hits.length > 0) seen.set(sign, [...(seen.get(sign) ?? []), ...hits]);
      }
    }
  }
  const byPath = (a: Hit, b: Hit) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
  return table.flatMap((sign) => (seen.get(sign) ?? []).sort(byPath).map((hit) => ({ sign, hit })));
}

/** Whether a hit begins outside of strings: a generator of code has code in its strings. */
function isCode({ code, bare }: Masked): (hit: Hit) => boolean {
  return ({ match }) => {
    const at = match.index + Math.max(0, match[0].search(/\S/));
    return bare[at] === code[at];
  };
}

interface Rows {
  signs: readonly Sign<unknown>[];
  /** Matches where a file has a word of some row. */
  any: RegExp;
}
const known = new WeakMap<readonly Sign<unknown>[], Map<string, Rows>>();

function rowsOf(table: readonly Sign<unknown>[], extension: string): Rows {
  const rows = known.get(table) ?? new Map<string, Rows>();
  known.set(table, rows);
  const found = rows.get(extension) ?? makeRows(table.filter((sign) => sign.in.split(" ").includes(extension)));
  rows.set(extension, found);
  return found;
}

function makeRows(signs: readonly Sign<unknown>[]): Rows {
  const words = [...new Set(signs.map(({ has }) => has.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")))];
  return { signs, any: new RegExp(words.join("|")) };
}
