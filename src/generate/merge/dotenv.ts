import { isDeepStrictEqual } from "node:util";
import { type Merged, mergeLines, type Texts } from "./lines.ts";

/** A variable with the comment above it, or a comment that stands alone. */
interface Item {
  /** What it is matched by. */
  id: string;
  /** Blank lines in front of it. */
  before: number;
  comment: string[];
  /** The assignment, also one that is commented out; null for a comment. */
  value: string | null;
}

/** Three-way merge of a sample of variables by their names: samples and comments of people stay. Undefined where a name stands twice. */
export function mergeDotenv(texts: Texts): Merged | undefined {
  const [base, current, next] = [texts.base, texts.current, texts.next].map(itemsOf);
  if (!base || !current || !next) return undefined;
  const byId = (items: readonly Item[]) => new Map(items.map((item) => [item.id, item]));
  const [old, mine, ours] = [byId(base), byId(current), byId(next)];
  const conflicts: string[] = [];
  const merged = current.flatMap((item): Item[] => {
    const wanted = ours.get(item.id);
    const before = old.get(item.id);
    if (wanted) return [before ? mergeItem({ base: before, current: item, next: wanted }) : item];
    if (before === undefined) return [item];
    if (said(before, item)) return [];
    conflicts.push(item.id);
    return [item];
  });
  let after: string | undefined;
  for (const item of next) {
    if (!mine.has(item.id)) {
      // The user took it away.
      if (old.has(item.id)) continue;
      const at = after === undefined ? 0 : merged.findIndex(({ id }) => id === after) + 1;
      merged.splice(at, 0, item);
    }
    after = item.id;
  }
  return { text: textOf(merged, texts.current.endsWith("\n")), conflicts };
}

/** A value that the user set, or a comment they wrote, goes before ours. */
function mergeItem({ base, current, next }: Record<keyof Texts, Item>): Item {
  const comment = mergeLines({
    base: base.comment.join("\n"),
    current: current.comment.join("\n"),
    next: next.comment.join("\n"),
  }).text;
  return {
    ...current,
    before: current.before === base.before ? next.before : current.before,
    comment: comment === "" ? [] : comment.split("\n"),
    value: current.value === base.value ? next.value : current.value,
  };
}

function said(one: Item, other: Item): boolean {
  return isDeepStrictEqual([one.comment, one.value], [other.comment, other.value]);
}

const ASSIGNED = /^\s*(?:#\s?)?(?:export\s+)?([A-Za-z_][\w.]*)=/;

function itemsOf(text: string): Item[] | undefined {
  const items: Item[] = [];
  let before = 0;
  let comment: string[] = [];
  const push = (id: string, value: string | null) => {
    items.push({ id, before, comment, value });
    before = 0;
    comment = [];
  };
  const alone = () => {
    if (comment.length > 0) push(comment.join("\n"), null);
  };
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const name = ASSIGNED.exec(line)?.[1];
    if (name !== undefined) push(`${name}=`, line);
    else if (line.trim() === "") {
      alone();
      before += 1;
    } else comment.push(line);
  }
  alone();
  return new Set(items.map(({ id }) => id)).size === items.length ? items : undefined;
}

function textOf(items: readonly Item[], ended: boolean): string {
  const lines = items.flatMap(({ before, comment, value }, index) => [
    ...Array.from({ length: index === 0 ? 0 : before }, () => ""),
    ...comment,
    ...(value === null ? [] : [value]),
  ]);
  return `${lines.join("\n")}${ended ? "\n" : ""}`;
}
