import { diffIndices } from "node-diff3";

/** A change of one side: lines `from` to `to` of the base become these. */
interface Hunk {
  side: "current" | "next";
  from: number;
  to: number;
  lines: string[];
}

interface Sides {
  base: string[];
  current: string[];
  next: string[];
}

interface Woven {
  lines: string[];
  /** Places of the result, counted from 0, where both sides changed the same; the user's side is what stands there. */
  conflicts: number[];
}

interface WeaveOptions {
  /** Both sides may add something at one place: the order of lines does not matter there. */
  union?: boolean;
  /** Another way to merge what both changed; undefined where there is none. */
  resolve?: (sides: Sides) => string[] | undefined;
}

/**
 * Three-way merge of a sequence. Changes that only touch each other are both made: a new line below one that the other side
 * changed is no conflict. Where both changed the same the user's side stays.
 */
export function weave({ base, current, next }: Sides, { union = false, resolve }: WeaveOptions = {}): Woven {
  const hunks = [...hunksOf("current", base, current), ...hunksOf("next", base, next)].sort(
    (a, b) => a.from - b.from || a.to - b.to || (a.side === "current" ? 1 : -1),
  );
  const lines: string[] = [];
  const conflicts: number[] = [];
  let at = 0;
  for (const group of grouped(hunks)) {
    const from = Math.min(...group.map((hunk) => hunk.from));
    const to = Math.max(...group.map((hunk) => hunk.to));
    lines.push(...base.slice(at, from));
    at = to;
    const mine = applied(group, "current", { base, from, to });
    const ours = applied(group, "next", { base, from, to });
    const old = base.slice(from, to);
    if (same(ours, old) || same(ours, mine)) lines.push(...mine);
    else if (same(mine, old)) lines.push(...ours);
    else if (union && from === to) lines.push(...ours, ...mine.filter((line) => !ours.includes(line)));
    else {
      const resolved = resolve?.({ base: old, current: mine, next: ours });
      if (!resolved) conflicts.push(lines.length);
      lines.push(...(resolved ?? mine));
    }
  }
  lines.push(...base.slice(at));
  return { lines, conflicts };
}

function hunksOf(side: Hunk["side"], base: string[], other: string[]): Hunk[] {
  return diffIndices(base, other).map(({ buffer1: [from, count], buffer2Content }) => ({
    side,
    from,
    to: from + count,
    lines: buffer2Content as string[],
  }));
}

/** Hunks of both sides that change the same lines, or add at the same place, belong together. */
function grouped(hunks: readonly Hunk[]): Hunk[][] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1);
    if (last?.some((other) => clash(other, hunk))) last.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

function clash(a: Hunk, b: Hunk): boolean {
  if (a.from === a.to && b.from === b.to) return a.from === b.from;
  return a.from < b.to && b.from < a.to;
}

/** What one side made of the lines of the base between two places. */
function applied(
  group: readonly Hunk[],
  side: Hunk["side"],
  { base, from, to }: { base: string[]; from: number; to: number },
): string[] {
  const lines: string[] = [];
  let at = from;
  for (const hunk of group.filter((item) => item.side === side)) {
    lines.push(...base.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...lines, ...base.slice(at, to)];
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}
