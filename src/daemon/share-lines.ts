/** The part of the lines that ended processes may have while the living ones would fill everything. */
const ENDED_PART = 1 / 4;

interface Counts {
  ended: number[];
  live: number[];
}

/**
 * How many of its last lines each process shows so that all together are at most `total`. Equal shares, and what one leaves is
 * for the others; ended processes get a quarter, and what the living ones leave.
 */
export function shareLines(total: number, { ended, live }: Counts): Counts {
  const kept = Math.min(sum(ended), Math.floor(total * ENDED_PART));
  const forLive = divide(total - kept, live);
  return { live: forLive, ended: divide(total - sum(forLive), ended) };
}

/** Shares `total` among those who want `wants`: the one that wants least first, so that nothing is left over. */
function divide(total: number, wants: readonly number[]): number[] {
  const given = wants.map(() => 0);
  const order = wants.map((want, index) => ({ want, index })).sort((a, b) => a.want - b.want);
  let left = total;
  for (const [done, { want, index }] of order.entries()) {
    const share = Math.min(want, Math.floor(left / (order.length - done)));
    given[index] = share;
    left -= share;
  }
  return given;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, item) => total + item, 0);
}

/** One of each list in turn. Lines bear no time, so the lists are laid side by side with their ends together. */
export function interleave<T extends object>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const rows = Array.from({ length: longest }, (_, index) => longest - index);
  return rows.flatMap((fromEnd) => lists.flatMap((list) => list[list.length - fromEnd] ?? []));
}

/** The last `count` of a list. */
export function lastOf<T>(list: readonly T[], count: number): T[] {
  return list.slice(Math.max(0, list.length - count));
}
