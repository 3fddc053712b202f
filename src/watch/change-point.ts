/** Below this twice the log of the likelihood ratio says too little: about one in two hundred for a change at a given place. */
const LEAST_EVIDENCE = 7.88;

/**
 * Where a series of runs began to fail more often: the index of the first run after the change, null where no change stands out.
 * The split of greatest likelihood of two Bernoulli sequences (Hinkley & Hinkley, "Inference about the change-point in a sequence
 * of binomial variables", Biometrika 57, 1970).
 */
export function failingFrom(failed: readonly boolean[]): number | null {
  const total = failed.filter(Boolean).length;
  const whole = bernoulli(total, failed.length);
  let best: { at: number; evidence: number } | null = null;
  let before = 0;
  for (let at = 1; at < failed.length; at++) {
    before += Number(failed[at - 1]);
    const after = total - before;
    const rises = after / (failed.length - at) > before / at;
    const evidence = 2 * (bernoulli(before, at) + bernoulli(after, failed.length - at) - whole);
    if (rises && evidence > (best?.evidence ?? 0)) best = { at, evidence };
  }
  return best !== null && best.evidence >= LEAST_EVIDENCE ? best.at : null;
}

/** Log-likelihood of `hits` among `runs` at the rate that fits them best. */
function bernoulli(hits: number, runs: number): number {
  const share = (part: number) => (part === 0 ? 0 : part * Math.log(part / runs));
  return share(hits) + share(runs - hits);
}

/**
 * Where a series of values began to lie higher: the index of the first value after the change, null where no change stands out. The
 * split of greatest likelihood of two normal sequences of one variance (Hinkley, "Inference about the change-point in a sequence
 * of random variables", Biometrika 57, 1970).
 */
export function higherFrom(values: readonly number[]): number | null {
  const count = values.length;
  const mean = sum(values) / count;
  const whole = sum(values.map((value) => (value - mean) ** 2));
  let best: { at: number; between: number } | null = null;
  let before = 0;
  for (let at = 1; at < count; at++) {
    before += values[at - 1] ?? 0;
    const rise = (mean * count - before) / (count - at) - before / at;
    const between = (rise ** 2 * at * (count - at)) / count;
    if (rise > 0 && between > (best?.between ?? 0)) best = { at, between };
  }
  if (best === null) return null;
  // What is left beside the change is never quite nothing: two values alone would prove a change.
  const within = Math.max(whole - best.between, whole * 1e-6);
  return count * Math.log(whole / within) >= LEAST_EVIDENCE && count > 3 ? best.at : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
