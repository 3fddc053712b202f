import type { Snapshot } from "./snapshot.ts";

/** Keeps what is made of parts of a snapshot: each key is made once for each snapshot, and goes with it. */
export function oncePerSnapshot<T>(): (snapshot: Snapshot, key: string, make: () => T) => T {
  const known = new WeakMap<Snapshot, Map<string, { value: T }>>();
  return (snapshot, key, make) => {
    const own = known.get(snapshot) ?? new Map<string, { value: T }>();
    known.set(snapshot, own);
    const found = own.get(key) ?? { value: make() };
    own.set(key, found);
    return found.value;
  };
}
