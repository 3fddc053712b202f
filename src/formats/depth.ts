// Deeper values would overflow the stack of whoever walks them; real files have a dozen levels.
const MOST_DEPTH = 200;

/** Whether a parsed value has more levels than anyone may walk, or holds itself, as an alias of YAML can make it. */
export function isTooDeep(value: unknown): boolean {
  const sound = new Set<unknown>();
  const deep = (at: unknown, depth: number): boolean => {
    if (typeof at !== "object" || at === null || sound.has(at)) return false;
    if (depth > MOST_DEPTH || Object.values(at).some((inner) => deep(inner, depth + 1))) return true;
    sound.add(at);
    return false;
  };
  return deep(value, 0);
}

/** What is said of such a file. */
export const TOO_DEEP = `values more than ${MOST_DEPTH} levels deep, or one that holds itself`;
