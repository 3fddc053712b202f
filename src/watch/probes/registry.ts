import type { CheckSpec } from "../types.ts";
import { browserProbe } from "./browser/probe.ts";
import { dnsProbe } from "./dns/probe.ts";
import { heartbeatProbe } from "./heartbeat/probe.ts";
import { httpProbe } from "./http/probe.ts";
import { pingProbe } from "./ping/probe.ts";
import { postgresProbe } from "./postgres/probe.ts";
import type { Probe } from "./probe.ts";
import { processProbe } from "./process.ts";
import { redisProbe } from "./redis/probe.ts";
import { stepsProbe } from "./steps/probe.ts";
import { tcpProbe } from "./tcp/probe.ts";
import { tlsProbe } from "./tls/probe.ts";

/** Every kind of check, by its type. */
export const PROBES: Record<CheckSpec["type"], Probe<unknown>> = {
  http: httpProbe,
  tcp: tcpProbe,
  tls: tlsProbe,
  dns: dnsProbe,
  ping: pingProbe,
  browser: browserProbe,
  process: processProbe,
  postgres: postgresProbe,
  redis: redisProbe,
  heartbeat: heartbeatProbe,
  steps: stepsProbe,
};
