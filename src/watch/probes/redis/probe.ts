import { createClient } from "@redis/client";
import { z } from "zod";
import { systemCode } from "../../../core/errors.ts";
import { classifyError, classifyTimeout, type Stage } from "../classify.ts";
import { untilDeadline } from "../deadline.ts";
import type { Failure, Probe, ProbeAnswer } from "../probe.ts";
import { judgeInfo, readInfo } from "./info.ts";

const Options = z.object({
  redis: z.string(),
  role: z.enum(["primary", "replica"]).optional(),
  max_memory: z.number().optional(),
});

/** Whether the server answers PING, has the role it should have, and has memory left. */
export const redisProbe: Probe<z.infer<typeof Options>> = {
  id: "redis",
  Options,
  sideEffects: false,
  run: async ({ redis: url, ...limits }, { signal, timeoutMs, lookup }) => {
    const client = createClient({
      url,
      clientInfoTag: "stationmaster",
      socket: { connectTimeout: timeoutMs, reconnectStrategy: false, lookup },
      disableOfflineQueue: true,
    });
    // What happens to the connection after the answer is nobody's business.
    client.on("error", () => {});
    let stage: Stage = "connect";
    const ask = async (): Promise<ProbeAnswer> => {
      await client.connect();
      stage = "processing";
      await client.ping();
      const info = readInfo(await client.info());
      return { ...judgeInfo(info, limits), phases: null, body: null };
    };
    try {
      return await untilDeadline(signal, ask, () => failedWith(classifyTimeout(stage, timeoutMs)));
    } catch (error) {
      return failedWith(classify(error, stage));
    } finally {
      if (client.isOpen) client.destroy();
    }
  },
};

function failedWith(failure: Failure): ProbeAnswer {
  return { failure, phases: null, body: null };
}

/** The server talks but does not serve: it reads its data in, lost the server it copies, or is full of clients. */
const NOT_SERVING = /^(?:LOADING|MASTERDOWN|CLUSTERDOWN)\b/;
const FULL = /max number of clients reached|^OOM\b/;
const REPLY = /^[A-Z][A-Z]+ /;

function classify(error: unknown, stage: Stage): Failure {
  const detail = error instanceof Error ? error.message : String(error);
  if (NOT_SERVING.test(detail)) return { outcome: "fail", class: "refused", family: "availability", detail };
  if (FULL.test(detail)) return { outcome: "fail", class: "full", family: "capacity", detail };
  if (systemCode(error) === undefined && REPLY.test(detail))
    return { outcome: "fail", class: "query", family: "data", detail };
  return classifyError(error, stage);
}
