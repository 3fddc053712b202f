import type { LogLine } from "../contract/requests.ts";
import type { LiveEvent } from "../contract/status.ts";

/** What waits to be sent to one client; it stays small however slow the client is. */
export interface Backlog<T> {
  put(item: T): void;
  /** Everything that waits, oldest first; nothing waits afterwards. */
  take(): T[];
}

/** Events that say the same are sent once, so it holds at most one per rollout and incident that changed meanwhile. */
export function eventBacklog(): Backlog<LiveEvent> {
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
export function lineBacklog(most = 2_000): Backlog<LogLine> {
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
