import colors from "picocolors";
import { FINAL_STATES, type Rollout, type RolloutState, type TrafficView } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { ExternalError, OutcomeUnknown, oneLine, PolicyError } from "../core/errors.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { excerpt } from "../deploy/excerpt.ts";
import { waitingLine } from "./open-steps.ts";
import { eventsOf } from "./progress-events.ts";
import { hostBlock } from "./progress-hosts.ts";
import { createProgressLines } from "./progress-lines.ts";
import { actor } from "./session.ts";

const POLL_MS = 250;
/** How long a daemon that does not answer may take to come back. */
export const PATIENCE_MS = 60_000;
/** For the environment to be given back at the second Ctrl-C; a third one waits for nothing. */
const LEAVE_MS = 5_000;
const TRAFFIC_EVERY_MS = 1_000;
/** States in which requests may be on both releases. */
const SHOWING: readonly RolloutState[] = ["SHIFTING", "ANALYZING", "PROMOTED", "BAKING", "ROLLING_BACK"];
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export interface FollowOptions {
  quiet: boolean;
  /** Whether Ctrl-C is for the rollout. */
  signals?: boolean;
  /** Milliseconds to go on asking a daemon that does not answer, as while it restarts; absent where the work is done in this process. */
  patienceMs?: number;
  /** Gives back what this process holds, before it leaves at the second Ctrl-C. */
  leave?(): Promise<void>;
}

/** What following needs; without `traffic` the shares on hosts are not shown. */
type Followed = Pick<UseCases, "rollout" | "abort"> & Partial<Pick<UseCases, "traffic">>;

/**
 * Follows a rollout to its end, telling each finished step, and every 10 s the steps that take longer; on a terminal also how each
 * host stands. The first Ctrl-C asks it to undo itself and waits for that; the second leaves at once (the journal says where to go
 * on). `SM-ROLLOUT-UNSEEN` when the daemon does not answer for `patienceMs`.
 */
export async function followRollout(
  usecases: Followed,
  id: string,
  { quiet, signals = true, patienceMs, leave }: FollowOptions,
): Promise<Rollout> {
  const { note, waiting, end, live } = createProgressLines();
  const tell = quiet ? () => {} : note;
  const told = new Set<string>();
  const ask = patiently(id, { note: tell, patienceMs });
  const look = createTrafficLook(usecases, id);
  let interrupts = 0;
  let undo = false;
  const interrupt = () => {
    interrupts++;
    if (interrupts > 2) process.exit(130);
    if (interrupts > 1) {
      const late = new Promise((done) => setTimeout(done, LEAVE_MS));
      void Promise.race([leave?.(), late]).finally(() => process.exit(130));
      return;
    }
    note("\nundoing the rollout; Ctrl-C again leaves at once");
    undo = true;
  };
  if (signals) for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    for (; ; await new Promise((done) => setTimeout(done, POLL_MS))) {
      if (undo) {
        undo = false;
        usecases.abort(id, actor()).catch((error: unknown) => {
          undo = isRetryable(error);
          if (!undo) note(oneLine(error));
        });
      }
      const rollout = await ask(() => usecases.rollout(id));
      if (!rollout) continue;
      for (const { id: event, line, figures } of eventsOf(rollout)) {
        if (!told.has(event) && !(figures && live)) tell(line);
        told.add(event);
      }
      if (FINAL_STATES.includes(rollout.state)) return rollout;
      if (quiet) continue;
      const now = Date.now();
      waiting(waitingLine(rollout.journal, now), live ? hostBlock(rollout, look(rollout), now) : []);
    }
  } finally {
    end();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** The routes as they were seen last; asked once a second while they may move, and not waited for: a host may be slow to answer. */
function createTrafficLook({ traffic }: Followed, id: string): (rollout: Rollout) => readonly TrafficView[] {
  let seen: readonly TrafficView[] = [];
  let asking = false;
  let last = Number.NEGATIVE_INFINITY;
  const ask = async (): Promise<void> => {
    asking = true;
    seen = (await traffic?.(id).catch(() => undefined)) ?? seen;
    asking = false;
  };
  return ({ state }) => {
    const now = performance.now();
    if (!SHOWING.includes(state)) return [];
    if (!asking && now - last >= TRAFFIC_EVERY_MS) {
      last = now;
      void ask();
    }
    return seen;
  };
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

/** A rollout that did not succeed, as an error that says why and what its log said last. */
export function rolloutError(rollout: Rollout): ExternalError | PolicyError {
  const { failure, state: end, release, reason } = rollout;
  // Nothing went wrong: somebody has something newer.
  const Kind = end === "SUPERSEDED" ? PolicyError : ExternalError;
  return new Kind({
    code: failure?.code ?? "SM-ROLLOUT-FAILED",
    message: `${release}: ${end}${failure ? `, ${failure.message}` : reason ? `, ${reason}` : ""}`,
    next: failure?.next ?? "see stationmaster status",
  });
}

/** The log lines of a failed rollout, for people. */
export function failureLines({ failure }: Rollout): string[] {
  if (!failure) return [];
  const probe = failure.probe ? [`last answer: ${failure.probe}`] : [];
  return [...probe, ...excerpt(failure.logs, 10).map((line) => colors.dim(`  | ${line}`))];
}
