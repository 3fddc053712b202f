/** First in, first out, without moving what is left. */
export interface Queue<T> {
  push(item: T): void;
  peek(): T | undefined;
  shift(): T | undefined;
}

/** Below this many taken items nothing is moved together. */
const COMPACT_AT = 1_024;

export function createQueue<T>(): Queue<T> {
  let items: T[] = [];
  let head = 0;
  return {
    push: (item) => items.push(item),
    peek: () => items[head],
    shift: () => {
      const item = items[head];
      if (head < items.length) head++;
      if (head === items.length || (head > COMPACT_AT && head * 2 > items.length)) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}
