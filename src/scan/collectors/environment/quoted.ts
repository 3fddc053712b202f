import type { Masked } from "../../../formats/mask.ts";

/** Whether a place lies in the words of a string, and not in code that a string takes in: `"${…}"`, `f"{…}"`. */
export function isQuoted({ code, bare }: Masked, at: number): boolean {
  if (bare[at] === code[at]) return false;
  const open = Math.max(...['"', "'", "`"].map((quote) => bare.lastIndexOf(quote, at)));
  return !/\{[^{}]*$/.test(code.slice(open + 1, at));
}
