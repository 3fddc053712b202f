export type RunKind = "scheduled" | "confirmation";

/** A run to start now; `plannedAt` is when it was due, on the schedule's clock. */
export interface Start {
  id: string;
  kind: RunKind;
  plannedAt: number;
}

/** A run that waits for a slot, or for the run before it to end. */
export interface Waiting {
  entry: Entry;
  start: Start;
  readyAt: number;
  dueAt: number;
  first: boolean;
  slow: boolean;
  target: string | null;
  isVoid(): boolean;
}

export interface Entry {
  id: string;
  everyMs: number;
  critical: boolean;
  target: string | null;
  plannedAt: number;
  running: RunKind | null;
  waiting: Waiting | null;
  /** When the pending confirmation is due; a later request replaces it. */
  confirmAt: number | null;
  /** The last run hit its deadline. */
  slow: boolean;
  /** Rises with each change of the rhythm, so that what was planned before is void. */
  version: number;
  /** 1, 2, 4 or 8: by how much its interval is longer than it should be. */
  stretch: number;
  /** Runs in a row that hardly waited, while stretched. */
  calm: number;
  /** What its last run took. */
  durationMs: number;
}

/** A check that has not run yet. */
export function newEntry(id: string, everyMs: number): Entry {
  return {
    ...{ id, everyMs, critical: true, target: null, plannedAt: 0, running: null, waiting: null, confirmAt: null },
    ...{ slow: false, version: 0, stretch: 1, calm: 0, durationMs: 0 },
  };
}
