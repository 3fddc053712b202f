import colors from "picocolors";
import type { JournalEntry, Rollout } from "../contract/rollout.ts";
import { FINAL_STATES } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { ExternalError } from "../core/errors.ts";
import type { UseCases } from "../daemon/usecases.ts";
import { note, state } from "./output.ts";
import { actor } from "./session.ts";

const POLL_MS = 250;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Follows a rollout to its end, telling each finished step. The first Ctrl-C asks it to undo itself and waits for that; the
 * second leaves at once (the journal says where to go on).
 */
export async function followRollout(
  usecases: UseCases,
  id: string,
  { quiet, signals = true }: { quiet: boolean; signals?: boolean },
): Promise<Rollout> {
  const told = new Set<number>();
  let interrupts = 0;
  const interrupt = () => {
    interrupts++;
    if (interrupts > 1) process.exit(130);
    note("\nundoing the rollout; Ctrl-C again leaves at once");
    usecases.abort(id, actor()).catch(() => {});
  };
  if (signals) for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    for (let last = ""; ; ) {
      const rollout = await usecases.rollout(id);
      if (!quiet) {
        for (const entry of rollout.journal) if (!told.has(entry.seq)) tell(entry, rollout.journal);
        if (rollout.state !== last) note(`${colors.dim("→")} ${state(rollout.state)}`);
      }
      for (const { seq } of rollout.journal) told.add(seq);
      last = rollout.state;
      if (FINAL_STATES.includes(rollout.state)) return rollout;
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

function tell(entry: JournalEntry, journal: readonly JournalEntry[]): void {
  if (entry.phase !== "outcome") return;
  const intent = journal.find(({ key, phase }) => key === entry.key && phase === "intent");
  if (!intent) return;
  const took = Date.parse(entry.at) - Date.parse(intent.at);
  const mark = entry.payload.failed ? colors.red("✗") : colors.green("✓");
  const detail = entry.payload.failed ? ` ${String(entry.payload.message)}` : "";
  note(`  ${mark} ${entry.key.replaceAll(":", " ")} ${colors.dim(formatDuration(took))}${detail}`);
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
