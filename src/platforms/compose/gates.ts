import { isAway } from "../../core/errors.ts";
import type { Gate } from "../platform.ts";
import type { Context } from "../target.ts";
import type { Place } from "./places.ts";

/**
 * Takes the gates of all hosts that answer, one after the other, in the order that every controller takes them in; none when one
 * refuses. What is asked of a host whose gate is not held is refused there: a deployment, which needs all, ends; a restart or the
 * way back goes on with the others.
 */
export async function holdAll(
  places: readonly (() => Promise<Pick<Place, "gate">>)[],
  key: string,
  generation: number,
  signal: AbortSignal,
): Promise<Gate> {
  const held: Gate[] = [];
  let away: unknown;
  try {
    for (const open of places) {
      try {
        held.push(await (await open()).gate.hold(key, generation, signal));
      } catch (error) {
        if (!isAway(error)) throw error;
        away = error;
      }
    }
    if (held.length === 0) throw away;
  } catch (error) {
    await Promise.allSettled(held.map((gate) => gate.release()));
    throw error;
  }
  return {
    signal: afterLast(held.map((gate) => gate.signal)),
    release: async () => void (await Promise.allSettled(held.map((gate) => gate.release()))),
  };
}

/** Works under the gate of one host; `held`: the caller holds it already. A host that the manifest no longer names has one of its own. */
export async function insideGate(
  { gate }: Pick<Place, "gate">,
  { key, held }: { key: string; held: boolean },
  context: Context,
  work: (context: Context) => Promise<void>,
): Promise<void> {
  const { generation, signal } = context;
  if (held || generation === undefined) return await work(context);
  const own = await gate.hold(key, generation, signal);
  try {
    await work({ generation, signal: AbortSignal.any([signal, own.signal]) });
  } finally {
    await own.release();
  }
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
