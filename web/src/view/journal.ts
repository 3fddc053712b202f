import type { JournalEntry, Rollout, RolloutState } from "../../../src/contract/rollout.ts";
import { isActive } from "./states.ts";

const UNDONE: ReadonlySet<RolloutState> = new Set(["FAILED", "ROLLED_BACK", "STUCK"]);

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
 * An intent without outcome is `running` while the rollout is active. After it the last one is what failed, if no outcome says
 * so itself; any other is `unfinished`.
 */
export function pairJournal({
  journal,
  state,
  failure,
  reason,
}: Pick<Rollout, "journal" | "state" | "failure" | "reason">): JournalStep[] {
  const active = isActive({ state });
  const steps = new Map<string, JournalStep>();
  for (const entry of [...journal].sort((a, b) => a.seq - b.seq)) {
    const known = steps.get(entry.key);
    if (entry.phase === "intent" && !known) steps.set(entry.key, begin(entry, active));
    else if (entry.phase === "outcome") steps.set(entry.key, end(known, entry));
  }
  const paired = [...steps.values()];
  const broken = UNDONE.has(state) && !paired.some(({ status }) => status === "failed");
  const last = broken ? paired.findLast(({ status }) => status === "unfinished") : undefined;
  if (!last) return paired;
  const message = failure?.message ?? reason;
  const failed: JournalStep = { ...last, status: "failed", facts: { ...last.facts, ...(message && { message }) } };
  return paired.map((step) => (step === last ? failed : step));
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
