import colors from "picocolors";
import type { JournalEntry, Rollout } from "../contract/rollout.ts";
import { FINAL_STATES } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { ExternalError, OutcomeUnknown, oneLine } from "../core/errors.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { failedStep, nameOf, waitingLine } from "./open-steps.ts";
import { state } from "./output.ts";
import { createProgressLines } from "./progress-lines.ts";
import { actor } from "./session.ts";

const POLL_MS = 250;
/** How long a daemon that does not answer may take to come back. */
export const PATIENCE_MS = 60_000;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export interface FollowOptions {
  quiet: boolean;
  /** Whether Ctrl-C is for the rollout. */
  signals?: boolean;
  /** Milliseconds to go on asking a daemon that does not answer, as while it restarts; absent where the work is done in this process. */
  patienceMs?: number;
}

/**
 * Follows a rollout to its end, telling each finished step, and every 10 s the steps that take longer. The first Ctrl-C asks it
 * to undo itself and waits for that; the second leaves at once (the journal says where to go on). `SM-ROLLOUT-UNSEEN` when the
 * daemon does not answer for `patienceMs`.
 */
export async function followRollout(
  usecases: Pick<UseCases, "rollout" | "abort">,
  id: string,
  { quiet, signals = true, patienceMs }: FollowOptions,
): Promise<Rollout> {
  const told = new Set<number>();
  const { note, waiting, end } = createProgressLines();
  const ask = patiently(id, { note: quiet ? () => {} : note, patienceMs });
  let interrupts = 0;
  let undo = false;
  const interrupt = () => {
    interrupts++;
    if (interrupts > 1) process.exit(130);
    note("\nundoing the rollout; Ctrl-C again leaves at once");
    undo = true;
  };
  if (signals) for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    for (let last = ""; ; await new Promise((done) => setTimeout(done, POLL_MS))) {
      if (undo) {
        undo = false;
        usecases.abort(id, actor()).catch((error: unknown) => {
          undo = isRetryable(error);
          if (!undo) note(oneLine(error));
        });
      }
      const rollout = await ask(() => usecases.rollout(id));
      if (!rollout) continue;
      const enter = (word: string) => {
        if (word !== last && !quiet) note(`${colors.dim("→")} ${state(word)}`);
        last = word;
      };
      for (const entry of rollout.journal) {
        const line = told.has(entry.seq) ? undefined : lineOf(entry, rollout.journal);
        told.add(entry.seq);
        if (line === undefined || quiet) continue;
        enter(entry.step);
        note(line);
      }
      const ended = FINAL_STATES.includes(rollout.state);
      const failed = ended ? failedStep(rollout) : undefined;
      if (failed && !quiet) note(`  ${colors.red("✗")} ${nameOf(failed)}`);
      enter(rollout.state);
      if (ended) return rollout;
      if (!quiet) waiting(waitingLine(rollout.journal, Date.now()));
    }
  } finally {
    end();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** Answers undefined while nobody can be asked, and says so once; gives up after `patienceMs` in a row. */
function patiently(id: string, { note, patienceMs }: { note(line: string): void; patienceMs?: number }) {
  let lostAt: number | undefined;
  return async <T>(look: () => Promise<T>): Promise<T | undefined> => {
    try {
      const found = await look();
      lostAt = undefined;
      return found;
    } catch (cause) {
      if (patienceMs === undefined || !isRetryable(cause)) throw cause;
      const now = performance.now();
      if (lostAt === undefined)
        note(`${cause.message}; the rollout ${id} goes on, asking again for ${formatDuration(patienceMs)}`);
      lostAt ??= now;
      if (now - lostAt < patienceMs) return undefined;
      throw new OutcomeUnknown({
        code: "SM-ROLLOUT-UNSEEN",
        message: `how the rollout ${id} ended is not known: ${cause.message}`,
        next: "it goes on as soon as a daemon runs (stationmaster up); stationmaster status shows its state",
        cause,
      });
    }
  };
}

function isRetryable(error: unknown): error is ExternalError {
  return error instanceof ExternalError && error.retryable;
}

/** What a finished effect says; undefined for what has only begun. */
function lineOf(entry: JournalEntry, journal: readonly JournalEntry[]): string | undefined {
  const intent = journal.find(({ key, phase }) => key === entry.key && phase === "intent");
  if (entry.phase !== "outcome" || !intent) return undefined;
  const took = Date.parse(entry.at) - Date.parse(intent.at);
  const mark = entry.payload.failed ? colors.red("✗") : colors.green("✓");
  const detail = entry.payload.failed ? ` ${String(entry.payload.message)}` : "";
  return `  ${mark} ${nameOf(entry)} ${colors.dim(formatDuration(took))}${detail}`;
}

/** A rollout that did not succeed, as an error that says why and what its log said last. */
export function rolloutError(rollout: Rollout): ExternalError {
  const { failure, state: end, release, reason } = rollout;
  return new ExternalError({
    code: failure?.code ?? "SM-ROLLOUT-FAILED",
    message: `${release}: ${end}${failure ? `, ${failure.message}` : reason ? `, ${reason}` : ""}`,
    next: failure?.next ?? "see stationmaster status",
  });
}

/** The log lines of a failed rollout, for people. */
export function failureLines({ failure }: Rollout): string[] {
  if (!failure) return [];
  const probe = failure.probe ? [`last answer: ${failure.probe}`] : [];
  return [...probe, ...failure.logs.slice(-10).map((line) => colors.dim(`  | ${line}`))];
}
