import type { HclBlock, HclFile } from "../../../formats/hcl/read.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";

const INDENT = 2;

/**
 * The first line that `terraform fmt` would surely write in another way, by its indent and the spaces around `=`. What it does with
 * whole columns only the program itself tells.
 */
export function unformatted(file: LintFile, { blocks }: HclFile): Complaint[] {
  const found = blocks
    .flatMap((block) => oddLines(file, block, 1))
    .toSorted((a, b) => a - b)
    .at(0);
  if (found === undefined) return [];
  return [{ line: found, column: 1, severity: "note", message: "not as `terraform fmt` writes it: run it once" }];
}

function oddLines(file: LintFile, { body, line: head }: HclBlock, depth: number): number[] {
  const own = body.attributes.flatMap(({ name, line }) => {
    const text = file.lines[line - 1] ?? "";
    const [, indent, before = "", after = ""] = new RegExp(`^([ \\t]*)${name}([ \\t]*)=([ \\t]*)`).exec(text) ?? [];
    // Something stands before it: a block of one line.
    if (indent === undefined || line === head) return [];
    const right = indent === " ".repeat(depth * INDENT) && /^ +$/.test(before) && after === " ";
    return right ? [] : [line];
  });
  return [...own, ...body.blocks.flatMap((block) => oddLines(file, block, depth + 1))];
}
