/** A binary heap; the smallest `at` comes first, equal ones in the order of pushing. */
interface Heap<T> {
  push(at: number, value: T): void;
  peek(): { at: number; value: T } | undefined;
  pop(): { at: number; value: T } | undefined;
}

interface Node<T> {
  at: number;
  order: number;
  value: T;
}

export function createHeap<T>(): Heap<T> {
  const nodes: Node<T>[] = [];
  let order = 0;
  const before = (a: Node<T>, b: Node<T>) => a.at < b.at || (a.at === b.at && a.order < b.order);
  const swapIfBefore = (child: number, parent: number): boolean => {
    const [a, b] = [nodes[child], nodes[parent]];
    if (!a || !b || !before(a, b)) return false;
    nodes[child] = b;
    nodes[parent] = a;
    return true;
  };
  const sink = (from: number) => {
    for (let parent = from; ; ) {
      const left = 2 * parent + 1;
      const [a, b] = [nodes[left], nodes[left + 1]];
      const child = a && b && before(b, a) ? left + 1 : left;
      if (!swapIfBefore(child, parent)) return;
      parent = child;
    }
  };
  return {
    push: (at, value) => {
      nodes.push({ at, order: order++, value });
      for (let child = nodes.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!swapIfBefore(child, parent)) return;
        child = parent;
      }
    },
    peek: () => nodes[0],
    pop: () => {
      const first = nodes[0];
      const last = nodes.pop();
      if (first && last && first !== last) {
        nodes[0] = last;
        sink(0);
      }
      return first;
    },
  };
}
