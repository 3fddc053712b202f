import { CheckSchema } from "../config/checks.ts";
import type { Clock } from "../core/clock.ts";
import type { Redactor } from "../core/redact.ts";
import type { ProbeAnswer } from "../deploy/run.ts";
import type { ReleasedService } from "../store/tables/release.ts";
import { runProbe } from "../watch/probes/run.ts";
import type { CheckSpec } from "../watch/types.ts";

const PORT_TIMEOUT_MS = 2_000;

interface Question {
  service: string;
  released: ReleasedService;
  port: number;
  environment: string;
  signal: AbortSignal;
  redact: Redactor;
  clock: Clock;
}

/** Asks one unit directly what its health check asks, with the same probe that watches it later. */
export async function probeUnit({
  service,
  released,
  port,
  environment,
  signal,
  redact,
  clock,
}: Question): Promise<ProbeAnswer> {
  const health = released.health as { path: string; timeout: number; expect: object } | null;
  const address = `127.0.0.1:${port}`;
  const base = {
    id: `${environment}/${service}/unit`,
    environment,
    service,
    component: "service",
    everyMs: 1_000,
    critical: true,
    recheck: 0,
  };
  const spec: CheckSpec = health
    ? {
        ...base,
        type: "http",
        timeoutMs: health.timeout,
        options: { ...CheckSchema.parse({ url: `http://${address}${health.path}` }), expect: health.expect as never },
        target: `GET ${health.path}`,
      }
    : {
        ...base,
        type: "tcp",
        timeoutMs: PORT_TIMEOUT_MS,
        options: CheckSchema.parse({ tcp: address }),
        target: `connect to ${address}`,
      };
  const report = await runProbe(spec, {
    clock,
    redact,
    signal,
    processes: async () => ({ alive: 1, expected: 1, detail: null }),
  });
  signal.throwIfAborted();
  const ok = report.outcome === "ok" || report.outcome === "slow";
  const failure = report.detail ?? report.class ?? "failed";
  const hint = report.class === "refused" ? `: nothing listens on the port in PORT (${port})` : "";
  return {
    ok,
    detail: `${spec.target} → ${ok ? "ok" : `${failure}${hint}`}`,
    body: report.body,
  };
}
