import type { Gate } from "../platform.ts";
import type { Place } from "./places.ts";

/** Takes the gates of all hosts, one after the other, in the order that every controller takes them in; none when one refuses. */
export async function holdAll(
  places: readonly Pick<Place, "gate">[],
  key: string,
  generation: number,
  signal: AbortSignal,
): Promise<Gate> {
  const held: Gate[] = [];
  try {
    for (const { gate } of places) held.push(await gate.hold(key, generation, signal));
  } catch (error) {
    await Promise.allSettled(held.map((gate) => gate.release()));
    throw error;
  }
  return {
    signal: afterLast(held.map((gate) => gate.signal)),
    release: async () => void (await Promise.allSettled(held.map((gate) => gate.release()))),
  };
}

/**
 * Aborts with the last of them. A host that is cut off loses its gate alone: what it is asked fails by itself, the others have to
 * be brought to one end, and nobody else begins anything while one of them is held.
 */
export function afterLast(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  for (const signal of signals) {
    const count = () => {
      left -= 1;
      if (left === 0) all.abort(signal.reason);
    };
    if (signal.aborted) count();
    else signal.addEventListener("abort", count, { once: true });
  }
  return all.signal;
}
