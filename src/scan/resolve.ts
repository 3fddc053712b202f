import { agrees, filled } from "./agreement.ts";
import { type Alternative, ASSUMED, type Claim, CONFIDENCE, type Fact, SOURCES, type Source } from "./fact.ts";

/** Facts that several sources must not tell differently: a difference among these ranks is a conflict. */
const CONFLICTING: readonly Source[] = ["answer", "platform", "project", "code"];
/** What a rank that says something else takes from the confidence of the winner. */
const DISAGREEMENT = 0.15;

export interface Conflict {
  fact: string;
  values: { value: unknown; source: Source; evidence: Claim["evidence"] }[];
}

/** What is weighed: all claims about one fact of one unit. */
interface Candidate {
  value: unknown;
  source: Source;
  confidence: number;
  evidence: Claim["evidence"];
}

/**
 * Weighs claims: the source with the higher precedence wins, among equals what more or surer claims say. Claims that agree raise
 * the confidence to 1-Π(1-c); each rank that disagrees lowers it.
 */
export function resolve(
  id: string,
  claims: readonly Claim[],
): { fact: Fact; conflict: Conflict | undefined } | undefined {
  const [winner, ...losers] = candidates(claims).sort(byPrecedence);
  if (!winner) return undefined;
  const dissent = new Set(
    losers
      .filter(({ source, confidence }) => rank(source) <= rank(winner.source) + 1 && !isHabit(winner, confidence))
      .map(({ source }) => source),
  );
  const fact: Fact = {
    id,
    value: winner.value,
    source: winner.source,
    confidence: round(winner.confidence * (1 - DISAGREEMENT) ** dissent.size),
    evidence: winner.evidence,
    alternatives: losers.map((loser) => ({
      ...loser,
      confidence: round(loser.confidence),
      reason: reasonOf(loser, winner),
    })),
  };
  const rivals = [winner, ...losers].filter(({ source }) => CONFLICTING.includes(source));
  const values = rivals.map(({ value, source, evidence }) => ({ value, source, evidence }));
  return { fact, conflict: rivals.length > 1 && rivals.includes(winner) ? { fact: id, values } : undefined };
}

/** Whether what loses is the language's habit alone, beside a default that somebody wrote down. */
function isHabit(winner: Candidate, confidence: number): boolean {
  return winner.source === "default" && confidence < ASSUMED;
}

/** One candidate for each value, as strong as its strongest claim; claims of other places add to it. */
function candidates(claims: readonly Claim[]): Candidate[] {
  const groups: { value: unknown; same: Claim[] }[] = [];
  for (const claim of claims.toSorted((a, b) => rank(a.source) - rank(b.source) || worth(b) - worth(a))) {
    const group = groups.find(({ value }) => agrees(claim.fact, value, claim.value));
    if (group) {
      group.same.push(claim);
      group.value = filled(group.value, claim.value);
    } else groups.push({ value: claim.value, same: [claim] });
  }
  return groups.map(({ value, same }) => {
    const [strongest] = same as [Claim, ...Claim[]];
    const places = new Map(same.toReversed().map((claim) => [placeOf(claim), worth(claim)]));
    const doubt = [...places.values()].reduce((product, c) => product * (1 - c), 1);
    return {
      value,
      source: strongest.source,
      confidence: 1 - doubt,
      evidence: unique(same.flatMap(({ evidence }) => evidence)),
    };
  });
}

function byPrecedence(a: Candidate, b: Candidate): number {
  const first = a.evidence[0];
  const second = b.evidence[0];
  return (
    rank(a.source) - rank(b.source) ||
    b.confidence - a.confidence ||
    b.evidence.length - a.evidence.length ||
    (first?.file ?? "").localeCompare(second?.file ?? "") ||
    (first?.line ?? 0) - (second?.line ?? 0)
  );
}

function reasonOf(loser: Candidate, winner: Candidate): string {
  const alternative: Alternative["source"] = loser.source;
  if (alternative !== winner.source) return `${winner.source} goes before ${alternative}`;
  return loser.confidence < winner.confidence ? "less sure than what was taken" : "as sure, and named later";
}

function rank(source: Source): number {
  return SOURCES.indexOf(source);
}

function worth({ confidence, source }: Claim): number {
  return confidence ?? CONFIDENCE[source];
}

function placeOf({ evidence: [first], source }: Claim): string {
  return first ? `${first.file}:${first.line}` : source;
}

function unique(evidence: Claim["evidence"]): Claim["evidence"] {
  return [...new Map(evidence.map((item) => [`${item.file}:${item.line}:${item.rule}`, item])).values()];
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
