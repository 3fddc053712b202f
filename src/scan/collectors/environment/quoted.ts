import type { Masked } from "../../../formats/mask.ts";

/**
 * Whether a place lies in the words of a string, and not in code that a string takes in: `f"{…}"`, `"#{…}"`. What templates of
 * JavaScript take in counts as code already.
 */
export function isQuoted({ code, bare }: Masked, at: number): boolean {
  if (bare[at] === code[at]) return false;
  const [open = -1, quote] =
    ['"', "'", "`"].map((mark): [number, string] => [bare.lastIndexOf(mark, at), mark]).sort(([a], [b]) => b - a)[0] ??
    [];
  return quote === "`" || !/\{[^{}]*$/.test(code.slice(open + 1, at));
}
