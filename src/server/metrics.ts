import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Check } from "../contract/check.ts";
import { isOver, Severity } from "../contract/incident.ts";
import { FINAL_STATES, type RolloutSummary } from "../contract/rollout.ts";
import type { Status } from "../contract/status.ts";
import type { UseCases } from "../daemon/usecases.ts";

/** Rollouts looked at per scrape; more than can end between two scrapes. */
const ROLLOUTS = 200;

export interface Metrics {
  contentType: string;
  /** The Prometheus text of this moment. */
  text(): Promise<string>;
}

/** Metrics of the daemon, of what it watches, and of `extra`, a registry filled elsewhere. */
export function createMetrics(usecases: UseCases, version: string, extra?: Registry): Metrics {
  const lasting = new Registry();
  collectDefaultMetrics({ register: lasting });
  gauge(lasting, "stationmaster_build_info", "The running version; always 1", ["version"]).set({ version }, 1);
  const countRollouts = rolloutCounter(lasting);
  return {
    contentType: lasting.contentType,
    text: async () => {
      const [status, checks, rollouts] = await Promise.all([
        usecases.status(),
        usecases.checks(),
        usecases.rollouts(ROLLOUTS),
      ]);
      countRollouts(rollouts);
      const text = await Registry.merge([snapshot(status, checks), lasting, ...(extra ? [extra] : [])]).metrics();
      // prom-client writes `Nan`, the format says `NaN`.
      return text.replace(/ Nan$/gm, " NaN");
    },
  };
}

/** Gauges of one moment, made anew so that a check or service taken out of the manifest leaves no stale value. */
function snapshot({ environment, services, incidents }: Status, checks: Check[]): Registry {
  const registry = new Registry();
  const perCheck = ["check", "service", "environment"];
  const up = gauge(
    registry,
    "stationmaster_check_up",
    "0 when the check is DOWN, NaN when nothing is known, else 1",
    perCheck,
  );
  const uptime = gauge(
    registry,
    "stationmaster_check_uptime_ratio",
    "Share of passed runs in the last 24 hours",
    perCheck,
  );
  const p95 = gauge(
    registry,
    "stationmaster_check_p95_seconds",
    "95th percentile of the duration of a run in the last hour",
    perCheck,
  );
  for (const check of checks) {
    const labels = { check: check.id, service: check.service ?? "", environment };
    up.set(labels, checkUp(check));
    if (check.uptime24h !== null) uptime.set(labels, check.uptime24h);
    if (check.p95 !== null) p95.set(labels, check.p95 / 1_000);
  }

  const perService = ["service", "environment"];
  const serviceUp = gauge(
    registry,
    "stationmaster_service_up",
    "1 when the service serves, 0 when it is down, NaN when unknown",
    perService,
  );
  for (const { name, state } of services)
    serviceUp.set({ service: name, environment }, state === "unknown" ? Number.NaN : Number(state !== "down"));

  const open = gauge(registry, "stationmaster_incidents_open", "Incidents that are not resolved", ["severity"]);
  for (const severity of Severity.options)
    open.set({ severity }, incidents.filter((item) => item.severity === severity && !isOver(item.state)).length);
  return registry;
}

function checkUp({ verdict }: Check): number {
  return verdict === "UNKNOWN" ? Number.NaN : Number(verdict !== "DOWN");
}

/** Counts each rollout once, when it is first seen ended; what ended before the start counts with the first call. */
function rolloutCounter(registry: Registry): (newest: RolloutSummary[]) => void {
  const help = "Rollouts that ended, by the state they ended in";
  const counter = new Counter({
    name: "stationmaster_rollouts_total",
    help,
    labelNames: ["state"],
    registers: [registry],
  });
  for (const state of FINAL_STATES) counter.inc({ state }, 0);
  let counted = new Set<string>();
  return (newest) => {
    const ended = newest.filter(({ state }) => FINAL_STATES.includes(state));
    for (const { id, state } of ended) if (!counted.has(id)) counter.inc({ state });
    counted = new Set(ended.map(({ id }) => id));
  };
}

function gauge<L extends string>(registry: Registry, name: string, help: string, labelNames: L[]): Gauge<L> {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}
