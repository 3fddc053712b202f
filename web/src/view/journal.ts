import { type Effect, effectsOf } from "../../../src/contract/effects.ts";
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
  status: "running" | "done" | "skipped" | "failed" | "unfinished";
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
  const paired = effectsOf(journal).map((effect) => stepOf(effect, active));
  const broken = UNDONE.has(state) && !paired.some(({ status }) => status === "failed");
  const last = broken ? paired.findLast(({ status }) => status === "unfinished") : undefined;
  if (!last) return paired;
  const message = failure?.message ?? reason;
  const failed: JournalStep = { ...last, status: "failed", facts: { ...last.facts, ...(message && { message }) } };
  return paired.map((step) => (step === last ? failed : step));
}

function stepOf({ seq, key, step, target, begunAt, endedAt, failed, payload }: Effect, active: boolean): JournalStep {
  const ended = failed ? "failed" : payload.skipped === true ? "skipped" : "done";
  const status = endedAt === null ? (active ? "running" : "unfinished") : ended;
  const durationMs = begunAt && endedAt ? Math.max(0, Date.parse(endedAt) - Date.parse(begunAt)) : null;
  return { seq, key, step, target, at: begunAt ?? endedAt ?? "", status, durationMs, facts: payload };
}

/** Steps that are shown as one: the same act, done, one after another. */
export interface JournalGroup {
  /** `start:api` */
  name: string;
  steps: JournalStep[];
}

/** Fewer than this stay by themselves. */
const MANY = 6;

/** Gathers rows of the same act on many hosts; everything else stays as it is. */
export function gatherSteps(steps: readonly JournalStep[]): (JournalStep | JournalGroup)[] {
  const runs: JournalGroup[] = [];
  for (const step of steps) {
    const name = [step.key.split(":")[0], step.target].filter(Boolean).join(":");
    const last = runs.at(-1);
    if (step.status === "done" && last?.name === name) last.steps.push(step);
    else runs.push({ name: step.status === "done" ? name : step.key, steps: [step] });
  }
  return runs.flatMap((run): (JournalStep | JournalGroup)[] => (run.steps.length < MANY ? run.steps : [run]));
}
