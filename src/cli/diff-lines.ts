import { diffIndices } from "node-diff3";
import colors from "picocolors";
import { printable } from "../core/text.ts";

const CONTEXT = 3;

interface Change {
  from: number;
  removed: string[];
  to: number;
  added: string[];
}

/** The change of one file as a unified diff, as `diff -u` writes it; a file that is not there is `/dev/null`. */
export function diffLines(path: string, before: string | undefined, after: string | undefined): string[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const changes = diffIndices(a, b).map(
    ({ buffer1, buffer2, buffer1Content, buffer2Content }): Change => ({
      from: buffer1[0],
      removed: buffer1Content,
      to: buffer2[0],
      added: buffer2Content,
    }),
  );
  return [
    `--- ${before === undefined ? "/dev/null" : `a/${oneLine(path)}`}`,
    `+++ ${after === undefined ? "/dev/null" : `b/${oneLine(path)}`}`,
    ...groups(changes).flatMap((group) => hunk(group, a)),
  ];
}

/** Changes whose lines around them touch are shown together. */
function groups(changes: readonly Change[]): Change[][] {
  const all: Change[][] = [];
  for (const change of changes) {
    const last = all.at(-1)?.at(-1);
    if (last && change.from - (last.from + last.removed.length) <= 2 * CONTEXT) all.at(-1)?.push(change);
    else all.push([change]);
  }
  return all;
}

function hunk(group: readonly Change[], a: readonly string[]): string[] {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return [];
  const start = Math.max(0, first.from - CONTEXT);
  const end = Math.min(a.length, last.from + last.removed.length + CONTEXT);
  const body: string[] = [];
  let at = start;
  for (const { from, removed, added } of group) {
    body.push(...a.slice(at, from).map(same));
    body.push(...removed.map((line) => colors.red(`-${printable(line)}`)));
    body.push(...added.map((line) => colors.green(`+${printable(line)}`)));
    at = from + removed.length;
  }
  body.push(...a.slice(at, end).map(same));
  const grown = group.reduce((sum, { removed, added }) => sum + added.length - removed.length, 0);
  const range = (from: number, count: number) => `${count === 0 ? from : from + 1}${count === 1 ? "" : `,${count}`}`;
  const start2 = start + first.to - first.from;
  return [colors.dim(`@@ -${range(start, end - start)} +${range(start2, end - start + grown)} @@`), ...body];
}

function same(line: string): string {
  return ` ${printable(line)}`;
}

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function oneLine(path: string): string {
  return printable(path).replace(/[\n\t]+/g, " ");
}
