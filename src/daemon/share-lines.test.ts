import fc from "fast-check";
import { expect, test } from "vitest";
import { interleave, shareLines } from "./share-lines.ts";

test.each([
  { total: 100, ended: [], live: [500], shares: { ended: [], live: [100] } },
  { total: 100, ended: [], live: [500, 10, 500], shares: { ended: [], live: [45, 10, 45] } },
  { total: 100, ended: [500], live: [500], shares: { ended: [25], live: [75] } },
  { total: 100, ended: [5, 500], live: [10], shares: { ended: [5, 85], live: [10] } },
  { total: 100, ended: [500, 500], live: [], shares: { ended: [50, 50], live: [] } },
  { total: 1, ended: [9], live: [9, 9], shares: { ended: [0], live: [0, 1] } },
  { total: 0, ended: [9], live: [9], shares: { ended: [0], live: [0] } },
])("$total lines of living $live and ended $ended", ({ total, ended, live, shares }) => {
  expect(shareLines(total, { ended, live })).toEqual(shares);
});

test("never more than asked for, never fewer than there are, and nobody gets more than they have", () => {
  const counts = fc.array(fc.nat(50), { maxLength: 6 });
  fc.assert(
    fc.property(fc.nat(200), counts, counts, (total, ended, live) => {
      const shares = shareLines(total, { ended, live });
      const given = [...shares.ended, ...shares.live];
      const wanted = [...ended, ...live];
      const sum = (list: number[]) => list.reduce((all, item) => all + item, 0);
      expect(sum(given)).toBe(Math.min(total, sum(wanted)));
      expect(given.every((share, index) => share >= 0 && share <= (wanted[index] ?? 0))).toBe(true);
    }),
  );
});

test("side by side with their ends together", () => {
  const list = (text: string) => [...text].map((id) => ({ id }));
  const mixed = interleave([list("abcd"), list("xy"), []]);
  expect(mixed.map(({ id }) => id).join("")).toBe("abcxdy");
});
