import type { Snapshot } from "./snapshot.ts";

/** Keeps what is made of parts of a snapshot: each key is made once for each snapshot, and goes with it. */
export function oncePerSnapshot<T>(): (snapshot: Snapshot, key: string, make: () => T) => T {
  const known = new WeakMap<Snapshot, Map<string, { value: T }>>();
  return (snapshot, key, make) => {
    const own = known.get(snapshot) ?? new Map<string, { value: T }>();
    if (own.size === 0) known.set(snapshot, own);
    const before = own.get(key);
    if (before) return before.value;
    const value = make();
    own.set(key, { value });
    return value;
  };
}
