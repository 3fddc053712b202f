import { useEffect, useState } from "react";
import { type JudgeNote, judgeNotes } from "../../src/contract/judgement.ts";
import type { Rollout, TrafficView } from "../../src/contract/rollout.ts";
import { readingsOf } from "./view/evidence-series.ts";
import { isActive } from "./view/states.ts";

/** What the judge held over time: its notes in the journal, and what was seen while the page was open and the rollout went on. */
export function useReadings(rollout: Rollout, traffic: { data?: TrafficView[]; dataUpdatedAt: number }): JudgeNote[] {
  const [seen, setSeen] = useState<readonly JudgeNote[]>([]);
  const { data, dataUpdatedAt } = traffic;
  const active = isActive(rollout);
  useEffect(() => {
    if (data && active) setSeen((before) => [...before, ...readingsOf(data, dataUpdatedAt)]);
  }, [data, dataUpdatedAt, active]);
  return [...judgeNotes(rollout.journal), ...seen];
}
