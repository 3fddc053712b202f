import type { Comparison } from "../generate/recommend/recommend.ts";
import { table } from "./output.ts";

/** The comparison of platforms: points, cost, and what rules one out. */
export function comparisonLines(comparison: Comparison): string[] {
  const { candidates, best, tie, inUse, askedFor, passedOver, moves, pricesNote } = comparison;
  const rows = candidates.map(({ target, score, cost, disqualified, cells }) => [
    `${target === best ? "*" : " "} ${target}`,
    disqualified.length > 0 ? "no" : String(score),
    cost ? `$${cost.low} to $${cost.high}` : "no dated price",
    disqualified.length > 0
      ? disqualified.map(({ reason, at }) => `${reason} (${at})`).join("; ")
      : cells
          .filter(({ points, most }) => most > 0 && (points >= most * 0.9 || points <= most * 0.4))
          .map(({ criterion, reason }) => `${criterion}: ${reason}`)
          .slice(0, 2)
          .join("; "),
  ]);
  return [
    table(["PLATFORM", "POINTS", "A MONTH", "WHY"], rows),
    ...moves.map(({ criterion, by, because }) => `${criterion} counts ${by > 0 ? "more" : "less"}: ${because}`),
    `costs: ${pricesNote}`,
    ...passedOver,
    ...(askedFor ? [`${askedFor.target} is asked for (${askedFor.at}), so it goes before the points`] : []),
    ...(inUse ? [`${inUse.target} is in use (${inUse.at}), so it stays`] : []),
    ...(tie ? ["the first two are as good as equal: change `generate.platform` of the manifest as you like"] : []),
  ];
}
