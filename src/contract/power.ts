import type { PowerTable } from "./rollout.ts";

type Row = PowerTable["rows"][number];
/** Writes milliseconds for people; each door has its own. */
type Duration = (ms: number) => string;

/** What is caught in so many rollouts is as good as seen. */
const SURE = 0.9;

/** `0.1→1 %`: the rise of a row. */
export function riseName({ from, to }: Pick<Row, "from" | "to">): string {
  return `${percent(from)}→${percent(to)} %`;
}

/** `83 %, 308 s (7)`: the share caught where it is not all, the median time, the candidate's errors by then. */
export function powerCell({ caught, medianSeconds, candidateErrors }: Row): string {
  const share = caught < 0.995 ? `${Math.floor(caught * 100)} %` : "";
  const time = medianSeconds === null ? "" : `${Math.round(medianSeconds)} s`;
  const errors = candidateErrors === null || time === "" ? "" : ` (${Math.round(candidateErrors)})`;
  return [share, time].filter(Boolean).join(", ") + errors || "all";
}

/** The table in plain words: the traffic, a rise that is seen, and one that is likely to be missed. */
export function powerSentence({ service, rps, share, withinSeconds, rows }: PowerTable, duration: Duration): string {
  if (rows.length === 0)
    return `no requests of ${service} were counted lately (a daemon counts them): what a canary would see of it cannot be told.`;
  const byChance = [...rows].sort((a, b) => b.caught - a.caught);
  const seen = rows.filter(({ caught, medianSeconds }) => caught >= SURE && medianSeconds !== null);
  // Of those that are seen, the smallest rise says most.
  const telling = seen.sort((a, b) => b.from - a.from || a.to - b.to)[0];
  const chance = telling ? byChance.at(-1) : byChance[0];
  const told = telling
    ? `a rise of errors from ${rise(telling)} is seen in ${duration((telling.medianSeconds ?? 0) * 1_000)} (median)`
    : `no rise of errors is sure to be seen within ${duration(withinSeconds * 1_000)}`;
  const rest =
    chance && chance.caught < SURE
      ? `; ${rise(chance)} would be seen in ${Math.floor(chance.caught * 100)} of 100 rollouts`
      : "";
  return `With ${share} % of ${shortly(rps)} requests a second, ${told}${rest}.`;
}

function rise({ from, to }: Row): string {
  return `${percent(from)} % to ${percent(to)} %`;
}

function percent(part: number): string {
  return shortly(part * 100);
}

function shortly(value: number): string {
  return String(Number(value.toPrecision(3)));
}
