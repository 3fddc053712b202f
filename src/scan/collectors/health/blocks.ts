import type { Registered, Scope } from "./route.ts";

/** A line that opens a block, with the prefix of what stands in it. */
interface Opened {
  from: number;
  prefix: string;
}

const OPENS =
  /\bdo\b(?:\s*\|[^|]*\|)?\s*$|^\s*(?:class|module|def|if|unless|case|begin|while|until|for|with|fn|cond|defmodule|defp?|defmacro|quote|try|receive)\b(?!.*\bend\b\s*$)/;
const ENDS = /^[ \t]*end\b/;

/**
 * Scopes of languages whose blocks end with `end`: `namespace :api do … end`. `prefixOf` tells the prefix of a line that opens one.
 * `bare` has neither comments nor the insides of strings.
 */
export function endScopes(
  file: string,
  code: string,
  bare: string,
  prefixOf: (line: string) => string | undefined,
  into: Registered,
): void {
  const open: Opened[] = [];
  const scopes: Scope[] = [];
  let at = 0;
  const lines = code.split("\n");
  for (const [index, line] of bare.split("\n").entries()) {
    if (ENDS.test(line)) {
      const closed = open.pop();
      if (closed?.prefix) scopes.push({ file, from: closed.from, to: at, prefix: closed.prefix });
    } else if (OPENS.test(line)) open.push({ from: at, prefix: prefixOf(lines[index] ?? "") ?? "" });
    at += line.length + 1;
  }
  into.scopes.push(...scopes);
}
