import { evidence, NO_EVIDENCE, update, upperBound } from "../src/deploy/analysis/e-process.ts";
import { detection } from "../src/deploy/analysis/power.ts";
import { poisson, seeded } from "../src/deploy/analysis/random.ts";
import { table, verdict } from "./report.ts";

const RUNS = 1_000;
const SEED = 5;
/** What the manifest has where it says nothing: α for a rollout, tolerated ratio; three metrics share α. */
const ALPHA = 0.01;
const RATIO = 1.25;
const NEEDED = 3 / ALPHA;
const LOOKS = 600;

const RISES = [
  { from: 0.001, to: 0.01 },
  { from: 0.001, to: 0.05 },
  { from: 0.01, to: 0.02 },
  { from: 0.01, to: 0.05 },
  { from: 0.01, to: 1 },
] as const;
/** The power table of the design: part caught where not all, median seconds where it names them. */
const DESIGN: readonly { rps: number; cells: readonly { caught: number; seconds: number | null }[] }[] = [
  { rps: 2, cells: cells([0.02, null], [0.66, 365], [0.01, null], [0.14, null], [1, 23]) },
  { rps: 10, cells: cells([0.42, 388], [1, 88], [0.03, null], [0.91, 228], [1, 5]) },
  { rps: 20, cells: cells([0.83, 308], [1, 44], [0.07, null], [1, 129], [1, 3]) },
  { rps: 100, cells: cells([1, 69], [1, 8], [0.69, 360], [1, 27], [1, 1]) },
  { rps: 1_000, cells: cells([1, 7], [1, 1], [1, 45], [1, 3], [1, 1]) },
];

function cells(...pairs: readonly [number, number | null][]) {
  return pairs.map(([caught, seconds]) => ({ caught, seconds }));
}

/** Two simulations of 1,000 rollouts differ by less than this, three standard deviations at 50 %. */
const NOISE = 0.07;

/** Simulates rollouts with the judge's own code: how often it finds a bad release, and how often it blames a good one. */
export function benchJudge({ runs = RUNS }: { runs?: number } = {}): string {
  const steps = [{ share: 10, seconds: LOOKS }];
  const found = DESIGN.map(({ rps, cells: wanted }) => ({
    rps,
    cells: RISES.map((rise, index) => ({
      ...detection({ rps, ...rise, steps, ratio: RATIO, needed: NEEDED }, runs),
      wanted: wanted[index] ?? { caught: Number.NaN, seconds: null },
    })),
  }));
  const far = found.flatMap(({ rps, cells: all }) =>
    all.flatMap(({ caught, wanted }, index) =>
      Math.abs(caught - wanted.caught) < NOISE ? [] : [`${rps} rps, ${name(RISES[index])}`],
    ),
  );
  const wrong = falseFails(runs);
  const most = Math.max(...wrong.flatMap(({ rates }) => rates));
  return [
    `${runs} simulated rollouts a cell; share 10 %, at most ${LOOKS} s, tolerated ratio ${RATIO}, FAIL at evidence ${NEEDED}`,
    "detection: share caught if not all, median time | the design's figure",
    table(
      ["rps", ...RISES.map(name)],
      found.map(({ rps, cells: all }) => [
        rps,
        ...all.map(
          ({ caught, medianSeconds, wanted }) =>
            `${told(caught, medianSeconds)} | ${told(wanted.caught, wanted.seconds)}`,
        ),
      ]),
    ),
    verdict(
      `${far.length} of ${DESIGN.length * RISES.length} cells differ from the design by more than chance`,
      far.length === 0,
    ),
    ...far,
    "",
    `false FAIL: the new release is exactly as much worse as is tolerated (${RATIO} times), ${LOOKS} looks, FAIL at evidence ${1 / ALPHA} (the whole α for one metric)`,
    table(
      ["errors of the old release", ...RATES.map((rate) => `${100 * rate} %`)],
      wrong.map(({ what, rates }) => [what, ...rates.map((rate) => `${(100 * rate).toFixed(1)} %`)]),
    ),
    verdict(
      `false FAIL (design: 0–0.5 % beside, ≤ 0.1 % alone; target ≤ 1 %): at most ${(100 * most).toFixed(1)} %`,
      most <= ALPHA,
    ),
  ].join("\n");
}

const RATES = [0.001, 0.01, 0.1, 0.5] as const;

function falseFails(runs: number): { what: string; rates: number[] }[] {
  const beside = [2, 20, 100, 1_000].map((rps) => {
    const steps = [10, 25, 50].map((share) => ({ share, seconds: LOOKS / 3 }));
    const rate = (from: number) =>
      detection({ rps, from, to: RATIO * from, steps, ratio: RATIO, needed: 1 / ALPHA }, runs).caught;
    return { what: `beside it, 10, 25, 50 %, ${rps} rps`, rates: RATES.map(rate) };
  });
  return [...beside, { what: "alone, 20 rps, 30 min seen before", rates: RATES.map((rate) => alone(rate, 20, runs)) }];
}

/** The part of rollouts blamed while baking, where the old release is known from the 30 minutes before only. */
function alone(rate: number, rps: number, runs: number): number {
  const random = seeded(SEED);
  const side = (mean: number, errors: number) => {
    const [bad, good] = [poisson(mean * errors, random), poisson(mean * (1 - errors), random)];
    return () => {
      const failed = bad();
      return { bad: failed, requests: failed + good() };
    };
  };
  const [before, candidate] = [side(rps * 1_800, rate), side(rps, RATIO * rate)];
  let blamed = 0;
  for (let run = 0; run < runs; run++) {
    const p0 = RATIO * upperBound(before());
    let sums = NO_EVIDENCE;
    for (let look = 0; look < LOOKS; look++) {
      sums = update(sums, { candidate: candidate(), p0 });
      if (evidence(sums) < 1 / ALPHA) continue;
      blamed += 1;
      break;
    }
  }
  return blamed / runs;
}

function name(rise: (typeof RISES)[number] | undefined): string {
  return rise ? `${100 * rise.from}→${100 * rise.to} %` : "";
}

function told(caught: number, seconds: number | null): string {
  const part = caught < 1 ? `${Math.round(100 * caught)} %` : "";
  return [part, seconds === null ? "" : `${Math.round(seconds)} s`].filter(Boolean).join(", ") || "100 %";
}

if (import.meta.main) process.stdout.write(`${benchJudge()}\n`);
