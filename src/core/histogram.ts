/** Counts per bucket index; absent = 0. Bucket `i` holds values in (2^(i/4), 2^((i+1)/4)] milliseconds. */
export type Histogram = Readonly<Record<number, number>>;

const BUCKETS = 64;
const STEPS_PER_DOUBLING = 4;
/** Values outside are counted as the nearer end, in milliseconds: 1 ms and 65.5 s. */
export const HISTOGRAM_RANGE = { lowest: 1, highest: 2 ** (BUCKETS / STEPS_PER_DOUBLING) } as const;

export const emptyHistogram: Histogram = {};

function bucketOf(ms: number): number {
  if (!(ms > HISTOGRAM_RANGE.lowest)) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(ms) * STEPS_PER_DOUBLING) - 1);
}

/** A copy with one more value of `ms` milliseconds. */
export function addValue(histogram: Histogram, ms: number): Histogram {
  const bucket = bucketOf(ms);
  return { ...histogram, [bucket]: (histogram[bucket] ?? 0) + 1 };
}

/** Collects values where a copy for each would cost too much. */
interface Recorder {
  /** Milliseconds. */
  add(ms: number): void;
  read(): Histogram;
}

/** A recorder without values. */
export function createRecorder(): Recorder {
  const counts: Record<number, number> = {};
  return {
    add: (ms) => {
      const bucket = bucketOf(ms);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    },
    read: () => ({ ...counts }),
  };
}

/** The largest value of a bucket, in milliseconds. */
export function upperBound(bucket: number): number {
  return 2 ** ((bucket + 1) / STEPS_PER_DOUBLING);
}

/** The histogram of both sets of values: counts are added, nothing is averaged. */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  const sum: Record<number, number> = { ...a };
  for (const [bucket, count] of Object.entries(b)) sum[Number(bucket)] = (sum[Number(bucket)] ?? 0) + count;
  return sum;
}

/** How many values it holds. */
export function countOf(histogram: Histogram): number {
  return Object.values(histogram).reduce((sum, count) => sum + count, 0);
}

/**
 * The value at `q` (0 to 1, nearest rank) in milliseconds; null without values. Answers the geometric middle of the bucket, so
 * the error is at most 2^(1/8) − 1 = 9.1 % for values inside the range.
 */
export function quantile(histogram: Histogram, q: number): number | null {
  const total = countOf(histogram);
  if (total === 0) return null;
  let rank = Math.max(1, Math.ceil(q * total));
  // Integer keys of an object are visited in rising order.
  for (const [bucket, count] of Object.entries(histogram)) {
    rank -= count;
    if (rank <= 0) return 2 ** ((Number(bucket) + 0.5) / STEPS_PER_DOUBLING);
  }
  return null;
}
