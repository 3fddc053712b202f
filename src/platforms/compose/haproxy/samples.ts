import type { RequestSample } from "../../traffic.ts";
import { type LoggedRequest, parseRequests } from "./parse.ts";
import type { Counts } from "./totals.ts";

/** Where the samples of a route ended. */
export interface ReadSoFar {
  /** By worker: the number of its last request. */
  last: Map<number, string>;
  /** By unit: how many ended unanswered, and how many of those are not yet told. */
  silent: Map<string, { unanswered: number; untold: number }>;
}

/**
 * The requests of a route that its workers' rings hold beyond `before` (undefined: all of them), and one with status 502 and 0 ms
 * for each that a unit left unanswered since then and the ring does not have.
 */
export function samplesSince(
  before: ReadSoFar | undefined,
  { name, rings, units }: { name: string; rings: ReadonlyMap<number, string>; units: ReadonlyMap<string, Counts> },
): { samples: RequestSample[]; read: ReadSoFar } {
  const read: ReadSoFar = { last: new Map(), silent: new Map() };
  const logged: LoggedRequest[] = [];
  for (const [pid, text] of rings) {
    const requests = parseRequests(text);
    const number = requests.at(-1)?.number ?? before?.last.get(pid);
    if (number !== undefined) read.last.set(pid, number);
    logged.push(...newer(requests, before?.last.get(pid)).filter(({ route }) => route === name));
  }
  const samples = logged.map(({ unit, status, ms }): RequestSample => ({ unit, status, ms }));
  for (const [unit, { unanswered }] of units) {
    const known = before?.silent.get(unit) ?? { unanswered: before ? 0 : unanswered, untold: 0 };
    const told = !before ? 0 : logged.filter((request) => request.unit === unit && request.ours).length;
    // Below 0 while answers that have begun are still counted as running.
    const untold = known.untold + unanswered - known.unanswered - told;
    for (let count = 0; count < untold; count++) samples.push({ unit, status: 502, ms: 0 });
    read.silent.set(unit, { unanswered, untold: Math.min(0, untold) });
  }
  return { samples, read };
}

/** All that came after the one with that number; all there are when it is no longer among them. */
function newer(requests: readonly LoggedRequest[], number: string | undefined): LoggedRequest[] {
  return requests.slice(requests.findLastIndex((request) => request.number === number) + 1);
}
