import type { Clock } from "../core/clock.ts";
import { lookAtProber, newProber, proberStatement } from "./prober.ts";
import type { Watch } from "./watch.ts";

/** How often to look. */
export const SELF_BEAT_MS = 5_000;
/** After a longer pause another process may have looked, and said something else. */
const LONGEST_PAUSE_MS = 3 * SELF_BEAT_MS;

/**
 * All UNKNOWN for long is trouble of ours, of which no single check tells. Answers the function that looks once, and rejects while
 * the store is away; of several processes the one that leads calls it. `watch` knows all checks, whoever runs them.
 */
export function createSelfWatch(
  { environment, clock }: { environment: string; clock: Pick<Clock, "monotonic"> },
  watch: Pick<Watch, "verdicts" | "say">,
): () => Promise<void> {
  let prober = newProber;
  let lookedAt = clock.monotonic();
  return async () => {
    const now = clock.monotonic();
    if (now - lookedAt > LONGEST_PAUSE_MS) prober = newProber;
    // A job calls us: that it has not called yet is no blindness.
    const verdicts = watch.verdicts().flatMap(({ type, verdict }) => (type === "heartbeat" ? [] : [verdict]));
    const looked = lookAtProber(prober, verdicts, now);
    try {
      if (looked.say !== null) await watch.say(proberStatement(environment, looked.say, SELF_BEAT_MS));
      prober = looked.state;
    } finally {
      // To wait for the store is no pause.
      lookedAt = clock.monotonic();
    }
  };
}
