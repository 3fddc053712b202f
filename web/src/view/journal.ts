import type { JournalEntry } from "../../../src/contract/rollout.ts";

/** An intent with its outcome. `durationMs` is null while the outcome is missing. */
export interface JournalStep {
  seq: number;
  key: string;
  step: JournalEntry["step"];
  target: string | null;
  at: string;
  status: "running" | "done" | "failed" | "unfinished";
  durationMs: number | null;
  /** Payload of intent and outcome together; the outcome wins. */
  facts: Record<string, unknown>;
}

/**
 * Pairs intents with outcomes by key, in the order of the intents. An outcome without an intent stands alone.
 * An intent without outcome is `running` while the rollout is active and `unfinished` after it.
 */
export function pairJournal(journal: readonly JournalEntry[], active: boolean): JournalStep[] {
  const steps = new Map<string, JournalStep>();
  for (const entry of [...journal].sort((a, b) => a.seq - b.seq)) {
    const known = steps.get(entry.key);
    if (entry.phase === "intent" && !known) steps.set(entry.key, begin(entry, active));
    else if (entry.phase === "outcome") steps.set(entry.key, end(known, entry));
  }
  return [...steps.values()];
}

function begin(entry: JournalEntry, active: boolean): JournalStep {
  const { seq, key, step, target, at, payload } = entry;
  return { seq, key, step, target, at, status: active ? "running" : "unfinished", durationMs: null, facts: payload };
}

function end(known: JournalStep | undefined, entry: JournalEntry): JournalStep {
  const start = known ?? begin(entry, false);
  return {
    ...start,
    status: entry.payload.failed === true ? "failed" : "done",
    durationMs: known ? Math.max(0, Date.parse(entry.at) - Date.parse(known.at)) : null,
    facts: { ...start.facts, ...entry.payload },
  };
}
