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
  planned(): Promise<PlannedOutage>;
}

/** Why checks of a service (null: of none) fail as planned right now; null when they do not. */
export type PlannedOutage = (service: string | null) => string | null;

interface Judged {
  /** Monotonic. */
  begun: number;
  service: string | null;
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
  let answer: Promise<PlannedOutage> = Promise.resolve(() => null);

  /** A thousand failures at once ask once. */
  async function plannedFor(service: string | null): Promise<string | null> {
    if (clock.monotonic() - askedAt >= PLANNED_FOR_MS) {
      askedAt = clock.monotonic();
      const asked = planned().catch(() => () => null);
      answer = within(asked, ANSWER_MS).catch(() => () => "not judged: the store has not answered for 1 s");
    }
    return (await answer)(service);
  }

  return async (report: RunReport, { begun, service, target, state, rules }: Judged): Promise<RunReport> => {
    if (report.outcome === "ok") {
      if (target) anchors.answered(target);
      return report;
    }
    const blind = (await gate.blind(begun)) ?? (await plannedFor(service));
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
