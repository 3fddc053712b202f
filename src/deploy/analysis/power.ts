import type { PowerTable, RolloutPlan } from "../../contract/rollout.ts";
import { evidence, NO_EVIDENCE, type Sums, type Tally, update } from "./e-process.ts";
import { riseToFind } from "./least.ts";
import { poisson, seeded } from "./random.ts";
import { settingsOf } from "./settings.ts";

/** A rise of the error rate under a service's own traffic; `steps` are the shares (percent) with the old release beside it. */
export interface Scenario {
  rps: number;
  from: number;
  to: number;
  steps: readonly { share: number; seconds: number }[];
  /** Tolerated ratio of the rates. */
  ratio: number;
  /** The e-value that fails a release, 1/α′. */
  needed: number;
}

const RUNS = 1_000;
const SEED = 20_240;
/** Below this part the median of those that were caught says nothing. */
const TELLING = 0.25;
/** The judge looks about every second; a long rollout is simulated with as many looks, further apart. */
const MOST_LOOKS = 600;

/** Simulates `runs` rollouts of a release with that rise: how many the e-process finds within the steps, and how fast. */
export function detection(scenario: Scenario, runs: number = RUNS): Omit<PowerTable["rows"][number], "from" | "to"> {
  const random = seeded(SEED);
  const total = scenario.steps.reduce((sum, { seconds }) => sum + seconds, 0);
  const lookSeconds = Math.max(1, total / MOST_LOOKS);
  const schedule = scenario.steps.map(({ share, seconds }) => {
    const side = (part: number, rate: number) => {
      const mean = scenario.rps * lookSeconds * part;
      // The errors of a Poisson stream and the rest of it are independent Poisson streams.
      return { bad: poisson(mean * rate, random), good: poisson(mean * (1 - rate), random) };
    };
    const looks = Math.round(seconds / lookSeconds);
    return { looks, candidate: side(share / 100, scenario.to), baseline: side(1 - share / 100, scenario.from) };
  });
  const found: { seconds: number; errors: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const one = rollout(schedule, scenario);
    if (one) found.push({ seconds: one.looks * lookSeconds, errors: one.errors });
  }
  const caught = found.length / runs;
  const told = caught >= TELLING ? found : [];
  return {
    caught,
    medianSeconds: median(told.map(({ seconds }) => seconds)),
    candidateErrors: median(told.map(({ errors }) => errors)),
  };
}

/** The rises of the table; a service's own one comes before them. */
const RISES = [
  { from: 0.001, to: 0.01 },
  { from: 0.001, to: 0.05 },
  { from: 0.01, to: 0.02 },
  { from: 0.01, to: 0.05 },
  { from: 0.01, to: 1 },
] as const;

/**
 * What the canary of a service sees, from its traffic (requests a second, part of them that failed) over the time looked back.
 * Only the e-process is simulated: guards can only be faster. No rows without traffic.
 */
export function powerTable({ service, rps, errorRate, plan }: PowerInput): PowerTable {
  const { ratio, needed } = settingsOf(plan);
  const seconds = plan.strategy.everyMs / 1_000;
  const steps = plan.strategy.steps.filter((share) => share < 100).map((share) => ({ share, seconds }));
  const own = { from: errorRate, to: riseToFind(errorRate) };
  const rises = errorRate === 0 || RISES.some(({ from }) => from === errorRate) ? RISES : [own, ...RISES];
  const possible = rps > 0 && steps.length > 0;
  return {
    service,
    rps,
    errorRate,
    share: steps[0]?.share ?? 100,
    withinSeconds: seconds * steps.length,
    rows: possible
      ? rises.map(({ from, to }) => ({ from, to, ...detection({ rps, from, to, steps, ratio, needed }) }))
      : [],
  };
}

export interface PowerInput {
  service: string;
  rps: number;
  errorRate: number;
  /** With the steps of a canary. */
  plan: Pick<RolloutPlan, "strategy" | "services">;
}

interface Phase {
  looks: number;
  candidate: Draws;
  baseline: Draws;
}
interface Draws {
  bad(): number;
  good(): number;
}

function rollout(
  schedule: readonly Phase[],
  { ratio, needed }: Scenario,
): { looks: number; errors: number } | undefined {
  const enough = Math.log(needed);
  let sums: Sums = NO_EVIDENCE;
  let looks = 0;
  let errors = 0;
  for (const phase of schedule) {
    let candidate = { requests: 0, bad: 0 };
    let baseline = { requests: 0, bad: 0 };
    for (let look = 0; look < phase.looks; look++) {
      looks += 1;
      draw(phase.candidate, candidate);
      draw(phase.baseline, baseline);
      if (candidate.requests === 0 || baseline.requests === 0) continue;
      errors += candidate.bad;
      sums = update(sums, { candidate, baseline, ratio });
      // The mean is never above the largest: most looks need no exponentials.
      if (Math.max(...sums) >= enough && evidence(sums) >= needed) return { looks, errors };
      candidate = { requests: 0, bad: 0 };
      baseline = { requests: 0, bad: 0 };
    }
  }
  return undefined;
}

function draw({ bad, good }: Draws, side: Tally): void {
  const errors = bad();
  side.bad += errors;
  side.requests += errors + good();
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
