import { GenerateTarget } from "../../contract/generate.ts";
import type { ScanReport } from "../../contract/scan.ts";
import { type Cost, costOf } from "./cost.ts";
import { type Disqualifier, disqualifiers } from "./disqualify.ts";
import { oldPrices, type Prices } from "./prices.ts";
import { type Cell, type Move, movesOf, scoreOf } from "./score.ts";
import { type Situation, situationOf } from "./situation.ts";
import { targetOf } from "./target-names.ts";

export interface Candidate {
  target: GenerateTarget;
  score: number;
  cells: Cell[];
  disqualified: Disqualifier[];
  /** Null where a price has no dated row. */
  cost: Cost | null;
}

export interface Comparison {
  /** Best first; those that are ruled out last. */
  candidates: Candidate[];
  best: GenerateTarget | null;
  /** The lead is too small to decide by: a person is asked. */
  tie: boolean;
  /** It is in use already, so that nothing else is recommended. */
  inUse: { target: GenerateTarget; at: string } | null;
  /** The requirements name it, which goes before points. */
  askedFor: { target: GenerateTarget; at: string } | null;
  /** What is in use or asked for and is not taken, and why not. */
  passedOver: string[];
  /** What counts more or less than usual, and why. */
  moves: Move[];
  /** "estimate, table of DATE", and which prices are old. */
  pricesNote: string;
}

/** A lead below it is a tie. */
const LEAD = 5;

/** Compares platforms for an application: points, cost and what rules one out, each with its reason. Pure; `today` is YYYY-MM-DD. */
export function recommend(report: ScanReport, prices: Prices, today: string): Comparison {
  const situation = situationOf(report);
  const all = GenerateTarget.options.map((target) => candidate(target, situation, prices));
  const possible = all.filter(({ disqualified }) => disqualified.length === 0).sort((a, b) => b.score - a.score);
  const ruledOut = all.filter(({ disqualified }) => disqualified.length > 0);
  const used = situation.inUse
    // A compose file is there for development as well.
    .map(({ what, at }) => ({ target: what === "compose" ? undefined : targetOf(what), at }))
    .find(({ target }) => target !== undefined && possible.some((one) => one.target === target));
  const wanted = situation.wanted
    .map(({ what, at }) => ({ target: targetOf(what), at }))
    .find(({ target }) => possible.some((one) => one.target === target));
  const [first, second] = possible;
  return {
    candidates: [...possible, ...ruledOut],
    best: used?.target ?? wanted?.target ?? first?.target ?? null,
    tie:
      used === undefined &&
      wanted === undefined &&
      first !== undefined &&
      second !== undefined &&
      first.score - second.score < LEAD,
    inUse: used?.target ? { target: used.target, at: used.at } : null,
    askedFor: wanted?.target && !used ? { target: wanted.target, at: wanted.at } : null,
    passedOver: passedOver(situation, all, used),
    moves: movesOf(situation),
    pricesNote: pricesNote(prices, situation, today),
  };
}

/** Hosts whose files are read and that nothing is written for. */
const UNWRITTEN: ReadonlySet<string> = new Set(["fly", "render", "netlify", "heroku", "digitalocean"]);

function passedOver(
  { inUse, wanted }: Situation,
  all: readonly Candidate[],
  used: { target: GenerateTarget | undefined; at: string } | undefined,
): string[] {
  const named = [
    // A compose file is there for development as well.
    ...inUse.filter(({ what }) => what !== "compose").map((one) => ({ ...one, said: "in use" })),
    ...wanted.map((one) => ({ ...one, said: "asked for" })),
  ];
  const groups = Map.groupBy(named, ({ what }) => targetOf(what) ?? what);
  return [...groups].flatMap(([name, same]) => {
    const said = [...Map.groupBy(same, (one) => one.said)].map(
      ([word, places]) => `${word} (${[...new Set(places.map(({ at }) => at))].join(", ")})`,
    );
    const head = `${name} is ${said.join(" and ")}`;
    const out = all.find(({ target }) => target === name)?.disqualified[0];
    if (UNWRITTEN.has(name)) return [`${head}, and no files are written for it`];
    if (out) return [`${head}, but ruled out: ${out.reason} (${out.at})`];
    return same.some((one) => one.said === "asked for") && used && used.target !== name && targetOf(name)
      ? [`${head}, and ${used.target} is in use (${used.at}): change generate.platform to move`]
      : [];
  });
}

/** Why the best platform is the best, in one line. */
export function reasonOf({ candidates, inUse, askedFor }: Comparison): string {
  if (inUse) return `in use already: ${inUse.at}`;
  if (askedFor) return `asked for in the requirements: ${askedFor.at}`;
  const [first, second] = candidates;
  return `${first?.score} points; next ${second?.target} ${second?.score}`;
}

function pricesNote(prices: Prices, { foreignBudget }: Situation, today: string): string {
  const old = GenerateTarget.options.flatMap((target) => oldPrices(prices, target, today));
  return [
    `estimate, table of ${prices.date}`,
    ...(old.length > 0 ? [`${old.length} of its prices are older than 180 days`] : []),
    ...(foreignBudget ? [`the budget in ${foreignBudget.what} (${foreignBudget.at}) is not compared`] : []),
  ].join("; ");
}

function candidate(target: GenerateTarget, situation: Situation, prices: Prices): Candidate {
  const cost = costOf(target, situation, prices);
  const cells = scoreOf(target, situation, cost);
  return {
    target,
    score: cells.reduce((sum, { points }) => sum + points, 0),
    cells,
    disqualified: disqualifiers(target, situation, cost),
    cost: cost ?? null,
  };
}
