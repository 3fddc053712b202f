let last: Promise<unknown> = Promise.resolve();

/** One at a time: `use` begins when those before it have ended. Rejects with the signal's reason when that takes too long. */
export async function inSlot<T>(signal: AbortSignal, use: () => Promise<T>): Promise<T> {
  const turn = last.then(async () => {
    signal.throwIfAborted();
    return await use();
  });
  last = turn.catch(() => {});
  return await turn;
}
