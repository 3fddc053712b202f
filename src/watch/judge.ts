import type { Clock } from "../core/clock.ts";
import type { createAnchors } from "./anchors.ts";
import { type Gate, within } from "./gate.ts";
import type { Address } from "./probes/address.ts";
import type { RunReport } from "./probes/run.ts";
import { isDeciding, seenBlind, type VerdictState } from "./verdict.ts";

interface JudgeOptions {
  clock: Clock;
  gate: Gate;
  anchors: ReturnType<typeof createAnchors>;
  /** Why failures are planned right now; null when they are not. */
  planned(): Promise<string | null>;
}

interface Judged {
  /** Monotonic. */
  begun: number;
  target: Address | null;
  state: VerdictState;
  rules: { everyMs: number; recheck: number };
}

const PLANNED_FOR_MS = 250;
/** The store knows what is planned: one that takes longer is stalled, and no run waits for it. */
const ANSWER_MS = 1_000;

/** What a run is worth: whether our own view can be trusted that far. Asks others only about runs that did not pass. */
export function createJudge({ clock, gate, anchors, planned }: JudgeOptions) {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<string | null> = Promise.resolve(null);

  /** A thousand failures at once ask once. */
  function isPlanned(): Promise<string | null> {
    if (clock.monotonic() - askedAt >= PLANNED_FOR_MS) {
      askedAt = clock.monotonic();
      const asked = planned().catch(() => null);
      answer = within(asked, ANSWER_MS).catch(() => "not judged: the store has not answered for 1 s");
    }
    return answer;
  }

  return async (report: RunReport, { begun, target, state, rules }: Judged): Promise<RunReport> => {
    if (report.outcome === "ok") {
      if (target) anchors.answered(target);
      return report;
    }
    const blind = (await gate.blind(begun)) ?? (await isPlanned());
    if (blind) return { ...report, ...seenBlind(report, blind) };
    if (!isDeciding(state, report, rules)) return report;
    const sight = await anchors.sight(target);
    if (sight === "blind")
      return {
        ...report,
        ...seenBlind(
          report,
          "not judged: this machine does not reach its anchors either, or did not within the last minute",
        ),
      };
    return sight === "clear" ? report : { ...report, detail: `${report.detail ?? "failed"} (prober not verified)` };
  };
}
