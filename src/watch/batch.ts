/** Writes that come together are done together. */
interface Batch<T, R> {
  /** Resolves with the answer for this item; rejects when the write it was part of fails. */
  add(item: T): Promise<R>;
}

interface BatchOptions<T, R> {
  /** One write; answers in the order of the items. */
  write(items: readonly T[]): Promise<readonly R[]>;
  /** Items of one write, at most. */
  most: number;
}

/** What arrives while a write is under way goes into the next: a thousand changes at once are a few statements. */
export function createBatch<T, R>({ write, most }: BatchOptions<T, R>): Batch<T, R> {
  let waiting: { item: T; answer: PromiseWithResolvers<R> }[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    if (busy) return;
    busy = true;
    // What is added in the same turn belongs together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const now = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const answers = await write(now.map(({ item }) => item));
        for (const [index, { answer }] of now.entries()) answer.resolve(answers[index] as R);
      } catch (error) {
        for (const { answer } of now) answer.reject(error);
      }
    }
    busy = false;
  }

  return {
    add: (item) => {
      const answer = Promise.withResolvers<R>();
      waiting.push({ item, answer });
      void drain();
      return answer.promise;
    },
  };
}
