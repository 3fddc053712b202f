import { type Draft, log, tell } from "./draft.ts";
import { quietFor } from "./members.ts";
import type { Rules } from "./types.ts";

const DIGEST_MS = 30 * 60_000;
const RESULTS = 21;
const OLDEST_WEIGHT = 0.8;
const NEWEST_WEIGHT = 1.2;
const BEGINS_AT = 0.3;
const ENDS_BELOW = 0.15;

/**
 * The weighted share of changes among the last 21 results, 0 to 1: each change between passing and failing counts 0.8 (oldest) to
 * 1.2 (newest) of the 20 there may be, as in Nagios. Fewer results leave the missing ones unchanged; `unknown` is left out.
 */
export function flapShare(outcomes: readonly string[]): number {
  const seen = outcomes
    .filter((outcome) => outcome !== "unknown")
    .slice(-RESULTS)
    .map((outcome) => outcome === "fail");
  const pairs = RESULTS - 1;
  const first = pairs - (seen.length - 1);
  const step = (NEWEST_WEIGHT - OLDEST_WEIGHT) / (pairs - 1);
  const changes = seen
    .slice(1)
    .map((failed, index) => (failed === seen[index] ? 0 : OLDEST_WEIGHT + step * (first + index)));
  return changes.reduce((sum, weight) => sum + weight, 0) / pairs;
}

/** Whether it flaps now; between the two bounds it goes on as it was. */
export function isFlapping(share: number, before: boolean): boolean {
  return before ? share >= ENDS_BELOW : share >= BEGINS_AT;
}

/**
 * One that fails and passes in turn stays one incident: it is not resolved, its turns are not told of, and every 30 minutes people
 * hear that it goes on. `share`: of its checks now; undefined where nobody looked.
 */
export function onFlap(draft: Draft, share: number | null | undefined, rules: Rules) {
  const { record, at } = draft;
  const { flapping } = record;
  if (share !== undefined && share !== null && isFlapping(share, flapping !== null) !== (flapping !== null)) {
    const percent = `${Math.round(share * 100)} % of its last results changed`;
    if (flapping === null) {
      tell(draft, "update", { kind: "flapping", text: `fails and passes in turn (${percent}); told every 30 min` });
      record.flapping = { since: at, digestAt: at + DIGEST_MS };
      return;
    }
    record.flapping = null;
    if (record.state === "monitoring" && record.healing.until !== null)
      record.healing.until = at + quietFor(record, rules);
    return void log(draft, { kind: "settled", text: `no longer fails and passes in turn (${percent})` });
  }
  if (flapping === null || at < flapping.digestAt) return;
  flapping.digestAt = at + DIGEST_MS;
  tell(draft, "update", { kind: "flapping", text: "still fails and passes in turn" });
}
