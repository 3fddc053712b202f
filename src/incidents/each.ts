import { isStoreAway } from "../store/away.ts";

/** Does the work for each in turn; one for which it fails is reported and keeps none of the others from it. Rejects when the store is away. */
export async function forEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  report: (error: unknown) => void,
): Promise<void> {
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (isStoreAway(error)) throw error;
      report(error);
    }
  }
}
