import { z } from "zod";
import type { Probe } from "../probe.ts";
import { dueAt, judge } from "./judge.ts";

const Options = z.object({ heartbeat: z.object({ period: z.number(), grace: z.number() }) });

/** Whether a job has called in time and said that it went well. */
export const heartbeatProbe: Probe<z.infer<typeof Options>> = {
  id: "heartbeat",
  Options,
  sideEffects: false,
  run: async ({ heartbeat }, { id, heartbeats, clock }) => {
    const calls = await heartbeats?.(id, heartbeat);
    if (!calls) {
      const failure = {
        outcome: "unknown",
        class: "prober",
        family: "none",
        detail: "no call is waited for yet",
      } as const;
      return { failure, phases: null, body: null };
    }
    const facts = { dueSeconds: Math.round((dueAt(calls, heartbeat) - clock.now()) / 1_000) };
    return { failure: judge(calls, heartbeat, clock.now()), phases: null, body: null, facts };
  },
};
