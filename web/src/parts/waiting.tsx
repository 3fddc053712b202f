import type { Rollout } from "../../../src/contract/rollout.ts";
import { useNow } from "../clock.ts";
import { duration } from "../view/format.ts";
import { waitOf } from "../view/waiting.ts";

/** What a rollout waits for and how much longer. */
export function Waiting({ rollout }: { rollout: Rollout }) {
  const now = useNow();
  const wait = waitOf(rollout);
  if (!wait) return null;
  const left = Math.round(Math.max(0, wait.until - now) / 1_000) * 1_000;
  return (
    <span className="num">
      {wait.what}, {left > 0 ? `${duration(left)} more` : "going on"}.
    </span>
  );
}
