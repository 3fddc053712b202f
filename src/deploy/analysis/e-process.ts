/** Requests of one side, and those among them that went wrong. */
export interface Tally {
  requests: number;
  bad: number;
}

/** What came in since the last look. `baseline`: the old release beside it; `p0`: the rate at most, where none is beside it. */
export type Interval =
  | { candidate: Tally; baseline: Tally /** Tolerated rise of the rate. */; ratio: number }
  | { candidate: Tally; p0: number };

const COUNT = 20;
const LOWEST = 1.5;
const HIGHEST = 50;
/** The rises that are looked for, as multiples of what is tolerated: 20 of equal distance on a logarithmic scale. */
export const RISES: readonly number[] = Array.from(
  { length: COUNT },
  (_, index) => LOWEST * (HIGHEST / LOWEST) ** (index / (COUNT - 1)),
);

/** Logarithms of 20 likelihood ratios, one a rise: the whole memory of the test. */
export type Sums = readonly number[];

export const NO_EVIDENCE: Sums = RISES.map(() => 0);

/**
 * Adds an interval. An interval may be closed by counts of requests, never by errors; then exp(sum) of each rise is a test
 * martingale while the true rate is at most the tolerated one, at every look and for every order of shares.
 * Beside: errors of two Poisson streams, given their number, are binomial with θ = Nc·r / (Nb + Nc·r) at the ratio r.
 * Alone: Bernoulli likelihood ratio of g·p0 against p0; a rise to 100 % and more bets nothing.
 * (Grünwald, de Heide, Koolen: Safe Testing, 2024; Ramdas et al.: Game-theoretic statistics and safe anytime-valid inference, 2023.)
 */
export function update(sums: Sums, interval: Interval): Sums {
  const { requests, bad } = interval.candidate;
  if ("p0" in interval) {
    const { p0 } = interval;
    return sums.map((sum, index) => {
      const rise = RISES[index] as number;
      if (p0 <= 0 || rise * p0 >= 1) return sum;
      return sum + bad * Math.log(rise) + (requests - bad) * Math.log((1 - rise * p0) / (1 - p0));
    });
  }
  const { baseline, ratio } = interval;
  const all = bad + baseline.bad;
  if (all === 0) return sums;
  const tolerated = requests * ratio;
  return sums.map((sum, index) => {
    const rise = RISES[index] as number;
    // ln((1−θg)/(1−θ0)); ln(θg/θ0) is this and ln g.
    const less = Math.log((baseline.requests + tolerated) / (baseline.requests + tolerated * rise));
    return sum + bad * Math.log(rise) + all * less;
  });
}

/** A number that JSON can carry; nobody needs to know more than "overwhelming". */
const MOST_LOG = 600;

/** The e-value: the mean of exp(sum) over the rises. The chance that it ever reaches 1/α by mistake is at most α (Ville's inequality). */
export function evidence(sums: Sums): number {
  const most = Math.max(...sums);
  const rest = sums.reduce((total, sum) => total + Math.exp(sum - most), 0) / sums.length;
  return Math.exp(Math.min(MOST_LOG, most + Math.log(rest)));
}

/** z of 99.9 %, one-sided. */
const Z = 3.0902;

/** Upper 99.9 % bound of a rate (Wilson 1927); 1 without a request. Against Clopper-Pearson on the safe side for rare errors. */
export function upperBound({ requests, bad }: Tally): number {
  if (requests === 0) return 1;
  const rate = bad / requests;
  const z2 = Z * Z;
  const spread = Z * Math.sqrt((rate * (1 - rate)) / requests + z2 / (4 * requests * requests));
  return Math.min(1, (rate + z2 / (2 * requests) + spread) / (1 + z2 / requests));
}
