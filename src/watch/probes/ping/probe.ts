import { z } from "zod";
import type { IpVersion } from "../../../config/network-checks.ts";
import { run } from "../../../exec/run.ts";
import { classifyTimeout } from "../classify.ts";
import type { Failure, Probe } from "../probe.ts";
import { judgeEchoes, readEchoes } from "./echoes.ts";

/** The shortest that the system's program allows to those who are not root. */
const PAUSE_S = "0.2";

const Options = z.object({
  ping: z.string(),
  count: z.number().default(3),
  max_loss: z.number().default(50),
  ip: z.custom<IpVersion>().optional(),
});

/** ICMP echo, sent by the system's program, which may open the socket that takes. */
export const pingProbe: Probe<z.infer<typeof Options>> = {
  id: "ping",
  Options,
  sideEffects: false,
  run: async ({ ping: host, count, max_loss: maxLoss, ip }, { signal, timeoutMs }) => {
    const family = ip === 4 || ip === 6 ? [`-${ip}`] : [];
    // The program ends by itself before the deadline, to tell how many came back.
    const wait = String(Math.max(1, Math.ceil(timeoutMs / 1_000) - 1));
    const argv = ["ping", "-n", "-c", String(count), "-i", PAUSE_S, "-w", wait, ...family, "--", host];
    const env = { PATH: process.env.PATH ?? "", LC_ALL: "C" };
    try {
      const { code, stdout, stderr } = await run(argv, { deadlineMs: timeoutMs, signal, env });
      const echoes = readEchoes(stdout);
      if (!echoes) return { failure: notSent(code, stderr), phases: null, body: null };
      const { lossPercent, roundTripMs } = echoes;
      const facts = { lossPercent, ...(roundTripMs === null ? {} : { roundTripMs }) };
      const phases = { resolve: 0, connect: 0, tls: 0, processing: roundTripMs ?? 0, transfer: 0 };
      return { failure: judgeEchoes(echoes, maxLoss), phases, body: null, facts };
    } catch (error) {
      if (!signal.aborted) throw error;
      return { failure: classifyTimeout("connect", timeoutMs), phases: null, body: null };
    }
  },
};

/** Nothing went out: the name is wrong, or the program may not. */
function notSent(code: number | null, stderr: string): Failure {
  const detail = stderr.trim().split("\n").at(-1) ?? "";
  if (/name or service not known|name resolution|no address associated|not supported for hostname/i.test(detail))
    return { outcome: "fail", class: "dns", family: "dns", detail };
  if (/unreachable/i.test(detail)) return { outcome: "fail", class: "connect-timeout", family: "availability", detail };
  return { outcome: "unknown", class: "prober", family: "none", detail: `ping ended with ${code}: ${detail}` };
}
