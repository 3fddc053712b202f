import { isStoreAway } from "../store/away.ts";
import { isDataException, mayBeTaken } from "../store/sql-state.ts";

/** Work on incidents, one piece at a time and in order. */
interface Inbox {
  /** Adds a piece that nobody brings again: what fails waits for the next flush. Resolves when it is done or given up, rejects with `close`. */
  add(piece: () => Promise<void>): Promise<void>;
  /** Does a piece that its sender brings again, under the same name, until this resolves: then it is done, or given up. Rejects when it failed. */
  bring(name: string, piece: () => Promise<void>): Promise<void>;
  /** Tries what is waiting, then `then`, in line with everything else. Rejects when `then` does. */
  flush(then?: () => Promise<void>): Promise<void>;
  /** Runs in line, past what is waiting, and answers its result. */
  inLine<T>(run: () => Promise<T>): Promise<T>;
  /** Gives up what is waiting; resolves when nothing is under way. */
  close(): Promise<void>;
}

/** About ten minutes of flushes, one a second. */
const MOST_TRIES = 600;

interface Waiting {
  piece: () => Promise<void>;
  tries: number;
  settled: PromiseWithResolvers<void>;
}

export function createInbox(report: (error: unknown) => void): Inbox {
  const waiting: Waiting[] = [];
  const brought = new Map<string, number>();
  let line: Promise<unknown> = Promise.resolve();

  function inLine<T>(run: () => Promise<T>): Promise<T> {
    const result = line.then(run);
    line = result.catch(() => {});
    return result;
  }

  async function drain(): Promise<void> {
    while (waiting[0]) {
      const head = waiting[0];
      try {
        await head.piece();
      } catch (error) {
        report(error);
        head.tries += countOf(error);
        if (!isHopeless(error, head.tries)) return;
      }
      head.settled.resolve();
      if (waiting[0] === head) waiting.shift();
    }
  }

  async function tryBrought(name: string, piece: () => Promise<void>): Promise<void> {
    try {
      await piece();
    } catch (error) {
      const tries = (brought.get(name) ?? 0) + countOf(error);
      if (!isHopeless(error, tries)) {
        brought.set(name, tries);
        throw error;
      }
      report(error);
    }
    brought.delete(name);
  }

  return {
    inLine,
    add: (piece) => {
      const settled = Promise.withResolvers<void>();
      waiting.push({ piece, tries: 0, settled });
      void inLine(drain);
      return settled.promise;
    },
    bring: (name, piece) =>
      inLine(async () => {
        await drain();
        await tryBrought(name, piece);
      }),
    flush: (then) =>
      inLine(async () => {
        await drain();
        await then?.();
      }),
    close: async () => {
      for (const { settled } of waiting.splice(0)) settled.reject(new Error("the incidents are closed"));
      await inLine(async () => {});
    },
  };
}

/** An outage of the store or what it has no room for, however long, is no fault of the piece. */
function countOf(error: unknown): number {
  return isStoreAway(error) || mayBeTaken(error) ? 0 : 1;
}

/** What the store refuses for what it is would hold up everything behind it for nothing. */
function isHopeless(error: unknown, tries: number): boolean {
  return isDataException(error) || tries >= MOST_TRIES;
}
