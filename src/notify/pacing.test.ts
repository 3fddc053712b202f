import { expect, test } from "vitest";
import { pace, type Sent } from "./pacing.ts";

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;
let ids = 0;
const due = (kind: Sent["kind"], incidentId = "i1", severity: Sent["severity"] = "SEV1") => {
  ids += 1;
  return { id: ids, kind, incidentId, severity };
};
const sent = (kind: Sent["kind"], ago: number, incidentId = "i0", severity: Sent["severity"] = "SEV1"): Sent => ({
  ...{ kind, incidentId, severity, at: NOW - ago },
});
const shape = ({ bundles, later }: ReturnType<typeof pace<ReturnType<typeof due>>>) => ({
  bundles: bundles.map((bundle) => bundle.map(({ incidentId }) => incidentId)),
  later: later.map(({ item, until }) => [item.incidentId, until - NOW]),
});

test.each([
  ["nothing was sent", [], { bundles: [["i1"]], later: [] }],
  ["a page less than a minute ago", [sent("opened", 20_000)], { bundles: [], later: [["i1", 40_000]] }],
  ["a page a minute ago", [sent("opened", MINUTE)], { bundles: [["i1"]], later: [] }],
  [
    "15 pages in the hour",
    Array.from({ length: 15 }, (_, index) => sent("opened", (index + 2) * MINUTE)),
    { bundles: [], later: [["i1", 44 * MINUTE]] },
  ],
  [
    "15 messages that are no pages",
    Array.from({ length: 15 }, () => sent("resolved", MINUTE)),
    { bundles: [["i1"]], later: [] },
  ],
])("a page when %s", (_when, history, expected) => {
  expect(shape(pace([due("opened")], history, NOW))).toEqual(expected);
});

test("pages that are due together go out as one, the worst first", () => {
  const three = [due("opened", "i1", "SEV2"), due("opened", "i2", "SEV1"), due("reopened", "i3", "SEV2")];
  expect(shape(pace(three, [], NOW)).bundles).toEqual([["i2", "i1", "i3"]]);
});

test("what got worse is held back by nothing", () => {
  const history = [sent("severity", 1_000, "i1"), ...Array.from({ length: 20 }, () => sent("opened", 5_000))];
  expect(shape(pace([due("severity"), due("escalated")], history, NOW))).toEqual({
    bundles: [["i1"], ["i1"]],
    later: [],
  });
});

test("small matters come as a digest every 5 minutes, and hold up no page", () => {
  const items = [due("opened", "s1", "SEV3"), due("opened", "s2", "SEV3"), due("opened", "i1")];
  expect(shape(pace(items, [], NOW)).bundles).toEqual([["i1"], ["s1", "s2"]]);
  const after = shape(pace(items, [sent("opened", 2 * MINUTE, "s0", "SEV3")], NOW));
  expect(after).toEqual({
    bundles: [["i1"]],
    later: [
      ["s1", 3 * MINUTE],
      ["s2", 3 * MINUTE],
    ],
  });
});

test("the same news of an incident comes every 5 minutes, its end at once", () => {
  const history = [sent("update", MINUTE, "i1"), sent("recovering", MINUTE, "i2")];
  expect(shape(pace([due("update", "i1")], history, NOW)).later).toEqual([["i1", 4 * MINUTE]]);
  expect(shape(pace([due("update", "i2")], history, NOW)).bundles).toEqual([["i2"]]);
  expect(shape(pace([due("resolved", "i1")], [sent("resolved", 1_000, "i1")], NOW)).bundles).toEqual([["i1"]]);
});
