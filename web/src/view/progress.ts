import { FORWARD_STATES, type Rollout, type RolloutState } from "../../../src/contract/rollout.ts";

const FORWARD: readonly RolloutState[] = FORWARD_STATES;
/** Not part of every rollout: shown only once the journal has them. */
const OPTIONAL: ReadonlySet<RolloutState> = new Set(["EXPANDED", "ANALYZING"]);

const DETOURS: Partial<Record<RolloutState, readonly RolloutState[]>> = {
  CLEANING: ["CLEANING", "FAILED"],
  FAILED: ["CLEANING", "FAILED"],
  ROLLING_BACK: ["ROLLING_BACK", "ROLLED_BACK"],
  ROLLED_BACK: ["ROLLING_BACK", "ROLLED_BACK"],
  SUPERSEDED: ["CLEANING", "SUPERSEDED"],
  STUCK: ["STUCK"],
};

export interface Stop {
  state: RolloutState;
  /** `undone`: passed on the way back. */
  status: "done" | "current" | "todo" | "failed" | "undone";
  /** Milliseconds from its first entry in the journal to the first of the next state; null where one of them is missing. */
  tookMs: number | null;
}

/** The way of a rollout as stops on a line: what is behind it, where it is, what lies ahead, and where it left the line. */
export function stopsOf(rollout: Pick<Rollout, "state" | "endedAt" | "journal">): Stop[] {
  const seen = new Map<RolloutState, number>();
  for (const entry of rollout.journal) if (!seen.has(entry.step)) seen.set(entry.step, Date.parse(entry.at));
  // The journal holds effects on the outside; reaching an end has none.
  if (rollout.endedAt !== null) seen.set(rollout.state, Date.parse(rollout.endedAt));
  const moments = [...seen.values()].sort((a, b) => a - b);
  const stop = (state: RolloutState, status: Stop["status"]): Stop => {
    const at = seen.get(state);
    const next = at === undefined ? undefined : moments.find((moment) => moment > at);
    return { state, status, tookMs: at === undefined || next === undefined ? null : next - at };
  };
  const shown = FORWARD.filter((state) => !OPTIONAL.has(state) || seen.has(state) || state === rollout.state);
  const detour = DETOURS[rollout.state];
  if (!detour) {
    const here = shown.indexOf(rollout.state);
    return shown.map((state, index) => stop(state, statusAt(index, here, rollout.state)));
  }
  const furthest = Math.max(0, ...shown.map((state, index) => (seen.has(state) ? index : 0)));
  const travelled = shown.slice(0, furthest + 1);
  const here = detour.indexOf(rollout.state);
  return [
    ...travelled.map((state, index) => stop(state, index === furthest ? "failed" : "done")),
    ...detour.map((state, index) => stop(state, wayBack(statusAt(index, here, rollout.state)))),
  ];
}

function wayBack(status: Stop["status"]): Stop["status"] {
  return status === "done" ? "undone" : status;
}

const ENDS: ReadonlySet<RolloutState> = new Set(["SUCCEEDED", "ROLLED_BACK", "SUPERSEDED"]);

function statusAt(index: number, here: number, state: RolloutState): Stop["status"] {
  if (index < here) return "done";
  if (index > here) return "todo";
  if (state === "FAILED" || state === "STUCK") return "failed";
  return ENDS.has(state) ? "done" : "current";
}

const SHIFTABLE: ReadonlySet<RolloutState> = new Set(["SHIFTING", "ANALYZING", "PROMOTED", "BAKING"]);

/** Whether a person may cut the waiting short: users already see the candidate. */
export function canPromote(state: RolloutState): boolean {
  return SHIFTABLE.has(state);
}

/** Whether the rollout can still be given up; from DRAINED on the old release is gone. */
export function canAbort(state: RolloutState): boolean {
  return FORWARD.includes(state) && state !== "DRAINED" && state !== "SUCCEEDED";
}
