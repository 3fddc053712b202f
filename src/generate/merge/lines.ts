import { weave } from "./three-way.ts";

export interface Merged {
  text: string;
  /** Places where both sides changed the same: the user's side stays. */
  conflicts: string[];
}

export interface Texts {
  base: string;
  current: string;
  next: string;
}

/** Three-way merge of lines, and of words within a line that both changed. Where both changed the same, the user's stay. */
export function mergeLines(texts: Texts, { union = false } = {}): Merged {
  const { lines, conflicts } = weave(
    { base: texts.base.split("\n"), current: texts.current.split("\n"), next: texts.next.split("\n") },
    { union, resolve: eachLine },
  );
  return { text: lines.join("\n"), conflicts: conflicts.map((at) => `line ${at + 1}`) };
}

type Lines = Record<keyof Texts, string[]>;

/** As many lines on each side: the same lines, changed in different words. */
function eachLine({ base, current, next }: Lines): string[] | undefined {
  if (base.length !== current.length || base.length !== next.length) return undefined;
  const merged = base.map((line, at) => eachWord({ base: line, current: current[at] ?? "", next: next[at] ?? "" }));
  return merged.every((line) => line !== undefined) ? merged : undefined;
}

function eachWord({ base, current, next }: Texts): string | undefined {
  if (current === base || current === next) return next;
  if (next === base) return current;
  // A line that shares nothing with what it was is another line.
  if (![current, next].every((line) => related(base, line))) return undefined;
  const { lines, conflicts } = weave({ base: words(base), current: words(current), next: words(next) });
  return conflicts.length > 0 ? undefined : lines.join("");
}

/** Values as a whole, the signs between them, spaces: half of an address or of an image's name is worth nothing. */
function words(line: string): string[] {
  return line.match(/[^\s"'`,;=()[\]]+|\s+|./g) ?? [];
}

function related(one: string, other: string): boolean {
  const known = new Set(words(one).filter((word) => /\w/.test(word)));
  const shared = words(other).filter((word) => known.has(word));
  return shared.length * 2 >= known.size;
}
