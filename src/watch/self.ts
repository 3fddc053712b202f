import type { Verdict } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import { lookAtProber, newProber, proberStatement } from "./prober.ts";
import type { Synthetics } from "./synthetic.ts";

interface SelfOptions {
  environment: string;
  clock: Clock;
  verdicts(): Verdict[];
  say: Synthetics["say"];
  onProblem(what: string, error: unknown): void;
}

const BEAT_MS = 5_000;

/** All UNKNOWN for long is trouble of ours, of which no single check tells. Answers the function that ends it. */
export function watchSelf({ environment, clock, verdicts, say, onProblem }: SelfOptions): () => void {
  let prober = newProber;
  const look = async () => {
    const looked = lookAtProber(prober, verdicts(), clock.monotonic());
    if (looked.say !== null) await say(proberStatement(environment, looked.say, BEAT_MS));
    prober = looked.state;
  };
  const timer = setInterval(
    () => void look().catch((error: unknown) => onProblem("the prober's own state was not told", error)),
    BEAT_MS,
  ).unref();
  return () => clearInterval(timer);
}
