import { isStoreAway } from "../store/away.ts";
import { isDataException } from "../store/sql-state.ts";

/** Work on incidents, one piece at a time and in order; what fails because the store is away waits for the next flush. */
interface Inbox {
  /** Adds a piece and tries it; resolves when it was tried once, whatever came of it. */
  add(piece: () => Promise<void>): Promise<void>;
  /** Tries what is waiting, then `then`, in line with everything else. Rejects when `then` does. */
  flush(then?: () => Promise<void>): Promise<void>;
  /** Runs in line, past what is waiting, and answers its result. */
  inLine<T>(run: () => Promise<T>): Promise<T>;
}

/** About ten minutes of flushes, one a second. */
const MOST_TRIES = 600;

export function createInbox(report: (error: unknown) => void): Inbox {
  const waiting: { piece: () => Promise<void>; tries: number }[] = [];
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
        // An outage of the store, however long, is no fault of the piece.
        if (!isStoreAway(error)) head.tries += 1;
        report(error);
        // What the store refuses for what it is would hold up everything behind it for nothing.
        if (head.tries < MOST_TRIES && !isDataException(error)) return;
      }
      waiting.shift();
    }
  }

  return {
    inLine,
    add: async (piece) => {
      waiting.push({ piece, tries: 0 });
      await inLine(drain);
    },
    flush: async (then) => {
      await inLine(async () => {
        await drain();
        await then?.();
      });
    },
  };
}
