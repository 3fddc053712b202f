/** Epoch ms; `end` is null for what is not over. */
export interface Interval {
  start: number;
  end: number | null;
}

/** Milliseconds that the intervals cover together between `from` and `to`; what overlaps counts once. */
export function covered(intervals: readonly Interval[], from: number, to: number): number {
  const sorted = intervals
    .map(({ start, end }) => ({ start: Math.max(from, start), end: Math.min(to, end ?? to) }))
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start);
  let [total, until] = [0, from];
  for (const { start, end } of sorted) {
    if (end <= until) continue;
    total += end - Math.max(start, until);
    until = end;
  }
  return total;
}
