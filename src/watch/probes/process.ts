import { z } from "zod";
import type { ProcessCount } from "../types.ts";
import type { Failure, Probe } from "./probe.ts";

const Options = z.object({
  process: z.string(),
  host: z.string().optional(),
  infrastructure: z.boolean().optional(),
});

/** Whether every replica of the service is alive, as the platform sees it. */
export const processProbe: Probe<z.infer<typeof Options>> = {
  id: "process",
  Options,
  sideEffects: false,
  run: async (question, { processes, signal }) => {
    try {
      const found = await processes(question, signal);
      return { failure: judge(found), phases: null, body: null };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { failure: unknown(`the platform did not say which processes live: ${reason}`), phases: null, body: null };
    }
  },
};

/** All gone is an outage; some gone leaves the service with less, and is told apart by its class. */
function judge({ alive, expected, detail, exchanging }: ProcessCount): Failure | null {
  if (expected === 0) return unknown("no replica is meant to run");
  if (alive >= expected) return null;
  if (exchanging) return unknown("a rollout or a restart exchanges the replicas");
  const counted = `${alive} of ${expected} ${expected === 1 ? "replica is" : "replicas are"} alive`;
  return {
    outcome: "fail",
    class: alive === 0 ? "process-gone" : "replica-gone",
    family: "availability",
    detail: detail ? `${counted}: ${detail}` : counted,
  };
}

function unknown(detail: string): Failure {
  return { outcome: "unknown", class: "prober", family: "none", detail };
}
