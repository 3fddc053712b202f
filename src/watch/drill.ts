import { stepRequest } from "../config/checks.ts";
import type { CheckType } from "../contract/check.ts";
import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import { runProbe } from "./probes/run.ts";
import type { CheckSpec } from "./types.ts";
import { decide, newCheck } from "./verdict.ts";

/** TEST-NET-1 (RFC 5737): nobody has it. */
const NOBODY = "192.0.2.1";

type Fault = (options: CheckSpec["options"], nowhere: string) => Partial<CheckSpec["options"]>;

/** What of a check is led to where nothing answers. What no address is asked for hears that nothing lives, and that no job has called. */
const FAULTS: Record<CheckType, Fault> = {
  http: ({ url }, nowhere) => ({ url: moved(url, nowhere) }),
  browser: ({ browser }, nowhere) => ({ browser: moved(browser, nowhere) }),
  tcp: (_, nowhere) => ({ tcp: nowhere }),
  tls: (_, nowhere) => ({ tls: nowhere }),
  dns: (_, nowhere) => ({ resolver: nowhere }),
  ping: () => ({ ping: NOBODY }),
  postgres: (_, nowhere) => ({ postgres: `postgres://drill@${nowhere}/drill` }),
  redis: (_, nowhere) => ({ redis: `redis://${nowhere}` }),
  process: () => ({}),
  heartbeat: () => ({}),
  steps: ({ steps = [] }, nowhere) => ({
    steps: steps.map((step) => {
      const { method, url } = stepRequest(step);
      return { ...step, [method.toLowerCase()]: moved(url, nowhere) };
    }),
  }),
};

function moved(url: string | undefined, nowhere: string): string {
  return `${URL.parse(url ?? "")?.protocol ?? "http:"}//${nowhere}/`;
}

interface DrillOptions {
  clock: Clock;
  redact: Redactor;
  /** `host:port` on which nothing listens. */
  nowhere: string;
  signal: AbortSignal;
}

/**
 * Runs a check as it is, but against nothing, with its confirmation runs, and answers how long it took until it would have been
 * DOWN, in ms; null where it did not notice. The wait for the next planned run comes on top of it. It touches no state of the check.
 */
export async function drillCheck(
  spec: CheckSpec,
  { clock, redact, nowhere, signal }: DrillOptions,
): Promise<number | null> {
  const { through: _, ...options } = spec.options;
  const faulty = { ...spec, options: { ...options, ...FAULTS[spec.type](spec.options, nowhere) } };
  const context = {
    ...{ clock, redact, signal },
    processes: async () => ({ alive: 0, expected: 1, detail: "fire drill" }),
    heartbeats: async () => ({ expectedSince: 0, startedAt: null, okAt: null, failedAt: null, awayUntil: null }),
  };
  const begun = clock.monotonic();
  let state = newCheck;
  let kind: "scheduled" | "confirmation" = "scheduled";
  for (;;) {
    const result = await runProbe(faulty, { ...context, kind });
    const decision = decide(state, { result, blind: null, random: 0.5 }, spec);
    state = decision.state;
    if (state.verdict === "DOWN") return clock.monotonic() - begun;
    const recheck = decision.effects.find((effect) => effect.type === "recheck");
    if (!recheck) return null;
    await clock.sleep(recheck.inMs, signal);
    kind = "confirmation";
  }
}
