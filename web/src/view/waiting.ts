import type { Rollout } from "../../../src/contract/rollout.ts";

/** What a rollout that waits on purpose waits for, and until when (milliseconds since the epoch); null when it acts. */
export function waitOf({ journal, plan }: Pick<Rollout, "journal" | "plan">): { what: string; until: number } | null {
  const last = journal.at(-1);
  const until = last?.payload.until;
  if (last?.phase !== "outcome" || typeof until !== "number") return null;
  if (last.step === "BAKING") return { what: "The old release stays ready", until };
  if (last.step !== "ANALYZING") return null;
  const { steps } = plan.strategy;
  const shifted = journal.findLast(({ key }) => key.startsWith("shifted:"))?.payload.index;
  const step = typeof shifted === "number" ? shifted + 1 : 1;
  return { what: `Step ${step} of ${steps.length}, ${steps[step - 1]} % of the requests`, until };
}
