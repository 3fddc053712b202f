import type { Draft } from "./draft.ts";
import { look, wait } from "./healing.ts";
import { failing, timingOf } from "./members.ts";
import type { LifecycleEvent, Rules } from "./types.ts";

/** Trouble that follows from other trouble stays a suspicion: nobody is told and nothing is healed. `parents`: what fails. */
export function holdBack(draft: Draft, parents: readonly string[]) {
  const { healing } = draft.record;
  healing.vetoedSince = draft.at;
  healing.reason = `held back while ${parents.join(", ")} failed`;
  wait(draft);
}

/** From time to time it is asked whether the parent still fails. */
export function onHeldTick(draft: Draft) {
  const { until } = draft.record.healing;
  if (until === null || draft.at >= until) look(draft);
}

/** Whether it has become trouble of its own: the parent is well, and there was time to recover with it. */
export function isFree(
  draft: Draft,
  { work, situation }: Extract<LifecycleEvent, { type: "situation" }>,
  rules: Rules,
): boolean {
  const { record, at } = draft;
  const { healing } = record;
  if (healing.phase !== "choosing" || healing.pending !== work) return false;
  healing.pending = null;
  const parents = situation?.dependenciesDown ?? [];
  const time = at - (healing.vetoedSince ?? at);
  if (parents.length > 0) holdBack(draft, parents);
  else if (situation === null || failing(record).length === 0 || time < timingOf(record, rules).betweenRestartsMs)
    wait(draft);
  else return true;
  return false;
}
