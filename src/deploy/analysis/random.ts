/** Numbers in 0 ≤ n < 1 that are the same for the same seed (mulberry32, T. Ettinger 2017): for simulations, not for secrets. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Spread of the table, in standard deviations: what lies outside is rarer than any simulation here has draws. */
const WIDTH = 9;
/** Below this mean the number is found sooner from the beginning of the table than from its middle. */
const FEW = 4;

/** Draws Poisson numbers of this mean, exactly: a search in the table of the distribution. */
export function poisson(mean: number, random: () => number): () => number {
  if (mean <= 0) return () => 0;
  const width = WIDTH * Math.sqrt(mean) + WIDTH;
  const first = Math.max(0, Math.floor(mean - width));
  const last = Math.ceil(mean + width);
  const middle = Math.floor(mean);
  const weights = new Float64Array(last - first + 1);
  weights[middle - first] = 1;
  for (let k = middle; k < last; k++) weights[k + 1 - first] = ((weights[k - first] as number) * mean) / (k + 1);
  for (let k = middle; k > first; k--) weights[k - 1 - first] = ((weights[k - first] as number) * k) / mean;
  let total = 0;
  const cumulated = weights.map((weight) => {
    total += weight;
    return total;
  });
  return () => {
    const wanted = random() * total;
    if (mean < FEW) {
      let found = 0;
      while ((cumulated[found] as number) <= wanted) found += 1;
      return first + found;
    }
    let low = 0;
    let high = cumulated.length - 1;
    while (low < high) {
      const half = (low + high) >> 1;
      if ((cumulated[half] as number) <= wanted) low = half + 1;
      else high = half;
    }
    return first + low;
  };
}
