import { formatDuration } from "../core/duration.ts";
import { concludeAction, type Draft, log } from "./draft.ts";
import { quietFor, timingOf } from "./members.ts";
import type { Rules } from "./types.ts";

/** The checks went on passing after a redeploy: it counts as mended from now on. What is left of the quiet time begins. */
export function onProven(draft: Draft, rules: Rules): void {
  const { record, at } = draft;
  const { healing } = record;
  const { provenMs } = timingOf(record, rules);
  const text = `the checks have passed for ${formatDuration(provenMs)}`;
  concludeAction(draft, "succeeded", text);
  log(draft, { kind: "proven", text: `${healing.worked} holds: ${text}` });
  healing.phase = "idle";
  healing.step += 1;
  healing.until = at + Math.max(0, quietFor(record, rules) - provenMs);
}

/** The checks fail again before a redeploy counted: it did not help, and is behind us. */
export function onDisproven(draft: Draft): void {
  const { healing } = draft.record;
  if (healing.phase !== "proving") return;
  concludeAction(draft, "failed", "the checks failed again before it counted");
  healing.phase = "idle";
  healing.step += 1;
  healing.failed = true;
}
