import { extensionOf } from "../formats/tree.ts";
import type { View } from "./collector.ts";
import { type Hit, hitsIn } from "./search.ts";

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
  return table.flatMap((sign) => {
    const endings = sign.in.split(" ");
    return sources.flatMap((file) => {
      if (!endings.includes(extensionOf(file)) || !snapshot.text(file)?.includes(sign.has)) return [];
      const masked = snapshot.code(file);
      return masked ? hitsIn(masked[sign.of ?? "code"], sign.pattern, file).map((hit) => ({ sign, hit })) : [];
    });
  });
}
