import { z } from "zod";

const MOST = 4_096;

/** One request that a target answered, or failed to (502); `ms` until the end of the answer. */
export const Sample = z.object({ unit: z.string(), status: z.int(), ms: z.number() });
export type Sample = z.infer<typeof Sample>;

/** The latest requests of a route that nobody has fetched yet, at most 4,096, in the order they ended. */
export interface SampleRing {
  add(sample: Sample): void;
  /** Answers them and begins anew. */
  take(): Sample[];
}

export function createSampleRing(): SampleRing {
  let kept: Sample[] = [];
  let oldest = 0;
  return {
    add(sample) {
      if (kept.length < MOST) return void kept.push(sample);
      kept[oldest] = sample;
      oldest = (oldest + 1) % MOST;
    },
    take() {
      const all = [...kept.slice(oldest), ...kept.slice(0, oldest)];
      kept = [];
      oldest = 0;
      return all;
    },
  };
}
