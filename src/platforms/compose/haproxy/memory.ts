import type { ReadSoFar } from "./samples.ts";
import type { Setup } from "./setup.ts";
import { createTotals, type Totals } from "./totals.ts";

/** What is remembered of one proxy between calls. Never what lies on its disk: others write there too. */
export interface ProxyMemory {
  /** Runs one task after the other, in the order they came. */
  lane<T>(task: () => Promise<T>): Promise<T>;
  setup: Setup | undefined;
  totals: Totals;
  /** By route, how far its samples were read. */
  read: Map<string, ReadSoFar>;
}

export function createProxyMemory(): ProxyMemory {
  let last: Promise<unknown> = Promise.resolve();
  return {
    lane: (task) => {
      const result = last.then(task);
      last = result.catch(() => undefined);
      return result;
    },
    setup: undefined,
    totals: createTotals(),
    read: new Map(),
  };
}
