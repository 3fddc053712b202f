import type { CheckSpec } from "../types.ts";
import { httpProbe } from "./http/probe.ts";
import { postgresProbe } from "./postgres.ts";
import type { Probe } from "./probe.ts";
import { processProbe } from "./process.ts";
import { stepsProbe } from "./steps/probe.ts";
import { tcpProbe } from "./tcp.ts";

/** Every kind of check, by its type. */
export const PROBES: Record<CheckSpec["type"], Probe<unknown>> = {
  http: httpProbe,
  tcp: tcpProbe,
  process: processProbe,
  postgres: postgresProbe,
  steps: stepsProbe,
};
