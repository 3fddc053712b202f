import { assertionFailure } from "../classify.ts";
import type { Failure } from "../probe.ts";

interface Echoes {
  sent: number;
  received: number;
  lossPercent: number;
  /** On average; null when none came back. */
  roundTripMs: number | null;
}

/** The summary that ping prints at its end (iputils, BusyBox, BSD); undefined without one. */
export function readEchoes(output: string): Echoes | undefined {
  const counts = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output);
  if (!counts) return undefined;
  const [sent, received] = [Number(counts[1]), Number(counts[2])];
  const average = /(?:rtt|round-trip) min\/avg\/max(?:\/\w+)? = [\d.]+\/([\d.]+)\//.exec(output)?.[1];
  return {
    sent,
    received,
    lossPercent: sent === 0 ? 100 : Math.round((1_000 * (sent - received)) / sent) / 10,
    roundTripMs: average === undefined ? null : Number(average),
  };
}

/** Null when at most `maxLoss` percent of the echoes were lost. */
export function judgeEchoes({ sent, received, lossPercent }: Echoes, maxLoss: number): Failure | null {
  if (lossPercent <= maxLoss) return null;
  const detail = `${received} of ${sent} echoes came back`;
  if (received > 0) return assertionFailure(`${detail}, ${lossPercent} % lost, expected at most ${maxLoss} %`);
  return { outcome: "fail", class: "connect-timeout", family: "availability", detail };
}
