import type { Run } from "../run.ts";
import type { Judge } from "./judge.ts";

const EVERY_MS = 5_000;
const GROWTH = 0.1;

/** Whether evidence is noted again, by the times of its notes so far (epoch ms): after 5 s, and later after a tenth of the time passed, so that a day has about a hundred. */
export function isDue(noted: readonly number[], now: number): boolean {
  const [first, last] = [noted[0], noted.at(-1)];
  if (first === undefined || last === undefined) return true;
  return now - last >= Math.max(EVERY_MS, GROWTH * (last - first));
}

/** Writes the e-values of a service into the journal now and then, and at once what fails the release: a history to look at. */
export async function noteEvidence({ journal, row, dependencies }: Run, service: string, judge: Judge): Promise<void> {
  const now = dependencies.clock.now();
  for (const { metric, evidence, needed } of judge.evidence()) {
    const prefix = `judge:${service}:${metric}:`;
    const noted = journal.keys().flatMap((key) => (key.startsWith(prefix) ? [Number(journal.outcome(key)?.at)] : []));
    if (evidence < needed && !isDue(noted, now)) continue;
    await journal.note(`${prefix}${noted.length + 1}`, row.state, service, { metric, evidence, needed, at: now });
  }
}
