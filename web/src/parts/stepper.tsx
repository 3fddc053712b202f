import type { Rollout } from "../../../src/contract/rollout.ts";
import { duration } from "../view/format.ts";
import type { Stop } from "../view/progress.ts";
import { stopsOf } from "../view/progress.ts";
import { words } from "../view/states.ts";

const STATUS_WORD: Record<Stop["status"], string> = {
  done: "done",
  current: "now",
  todo: "to come",
  failed: "failed",
  undone: "done",
};

/** The states of a rollout as stops on a line, with the time spent at each. */
export function Stepper({ rollout }: { rollout: Rollout }) {
  return (
    <ol className="stepper" aria-label="Progress">
      {stopsOf(rollout).map((stop) => (
        <li key={stop.state} data-status={stop.status} aria-current={stop.status === "current" ? "step" : undefined}>
          <span className="stop-mark" aria-hidden="true" />
          <span className="stop-name">{words(stop.state)}</span>
          <span className="hidden">, {STATUS_WORD[stop.status]}</span>
          <span className="stop-time num">{stop.tookMs === null ? "" : duration(stop.tookMs)}</span>
        </li>
      ))}
    </ol>
  );
}
