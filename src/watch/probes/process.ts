import { z } from "zod";
import type { ProcessCount } from "../types.ts";
import type { Failure, Probe } from "./probe.ts";

/** Within 10 minutes. */
const MOST_RESTARTS = 3;

const Options = z.object({
  process: z.union([
    z.string(),
    z.object({ container: z.string(), host: z.string().optional() }),
    z.object({ unit: z.string() }),
    z.object({ pid_file: z.string() }),
  ]),
  host: z.string().optional(),
  infrastructure: z.boolean().optional(),
  max_restarts: z.number().default(MOST_RESTARTS),
});

/** Whether every replica of the service is alive, as the platform sees it; or a container, a unit, a process. */
export const processProbe: Probe<z.infer<typeof Options>> = {
  id: "process",
  Options,
  sideEffects: false,
  run: async ({ max_restarts: most, ...question }, { processes, signal }) => {
    try {
      const found = await processes(question, signal);
      const { alive, restarts = 0 } = found;
      return { failure: judge(found, most), phases: null, body: null, facts: { alive, restarts } };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { failure: unknown(`the platform did not say which processes live: ${reason}`), phases: null, body: null };
    }
  },
};

/** What ends again and again is beyond what a restart mends. All gone is an outage; some gone leaves the service with less, and is told apart by its class. */
function judge({ alive, expected, detail, exchanging, restarts = 0 }: ProcessCount, most: number): Failure | null {
  if (expected === 0) return unknown("no replica is meant to run");
  if (restarts >= most && !exchanging) {
    const often = `started ${restarts} times anew within 10 min`;
    return { outcome: "fail", class: "crash-loop", family: "deploy", detail: detail ? `${often}: ${detail}` : often };
  }
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
