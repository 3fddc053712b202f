import type { LogLine } from "../contract/requests.ts";
import type { LiveEvent } from "../contract/status.ts";

/** What waits to be sent to one client; it stays small however slow the client is. */
export interface Outbox<T> {
  put(item: T): void;
  /** Everything that waits, oldest first; nothing waits afterwards. */
  take(): T[];
}

/** Events that say the same are sent once, so it holds at most one per rollout and incident that changed meanwhile. */
export function eventOutbox(): Outbox<LiveEvent> {
  let waiting = new Map<string, LiveEvent>();
  return {
    put: (event) => {
      waiting.set("id" in event ? `${event.type} ${event.id}` : event.type, event);
    },
    take: () => {
      const events = [...waiting.values()];
      waiting = new Map();
      return events;
    },
  };
}

/** Lines in order; when more than `most` wait the oldest are left out, and a line says how many. */
export function lineOutbox(most = 2_000): Outbox<LogLine> {
  let waiting: LogLine[] = [];
  let leftOut = 0;
  return {
    put: (line) => {
      if (waiting.length >= 2 * most) {
        waiting = waiting.slice(most);
        leftOut += most;
      }
      waiting.push(line);
    },
    take: () => {
      const notice = { replica: "stationmaster", text: `… ${leftOut} lines left out: the reader is too slow` };
      const lines = leftOut > 0 ? [notice, ...waiting] : waiting;
      waiting = [];
      leftOut = 0;
      return lines;
    },
  };
}

/** How many lines at the beginning of `fresh` are those at the end of `known`. */
export function overlap(known: readonly LogLine[], fresh: readonly LogLine[]): number {
  const same = (a: LogLine | undefined, b: LogLine | undefined) => a?.replica === b?.replica && a?.text === b?.text;
  for (let size = Math.min(known.length, fresh.length); size > 0; size -= 1) {
    const start = known.length - size;
    if (fresh.slice(0, size).every((line, index) => same(known[start + index], line))) return size;
  }
  return 0;
}
